import type { DiagramNode } from '../diagram.ts';
import type { Picture, PlacedLink } from '../picture.ts';

const kinds: Readonly<Record<DiagramNode['kind'], string>> = {
  node: 'node',
  vm: 'VM',
  tap: 'tap of the host',
  uplink: 'uplink',
};

/** What a picture shows, in words, for those who do not see it. Maps are by id. */
export interface PictureWords {
  readonly summary: string;
  readonly nodes: ReadonlyMap<string, string>;
  readonly networks: ReadonlyMap<string, string>;
}

export function pictureWords(picture: Picture): PictureWords {
  const shown = picture.networks.filter(({ isHidden }) => !isHidden);
  const names = new Map(shown.map(({ network }) => [network.id, oneLine(network.label ?? '') || 'network']));
  const links = new Map<string, PlacedLink[]>();
  for (const link of picture.links) {
    const own = links.get(link.link.node);
    if (own) own.push(link);
    else links.set(link.link.node, [link]);
  }
  const nodes = picture.nodes.map(({ node }): [string, string] => {
    const on = (links.get(node.id) ?? []).flatMap(({ link: { network, addresses } }) => {
      const name = names.get(network);
      return name === undefined ? [] : [[name, ...addresses].join(' ')];
    });
    const place = on.length === 0 ? '' : `, on ${on.join(', ')}`;
    return [node.id, `${oneLine(node.label) || 'no name'}, ${kinds[node.kind]}${place}`];
  });
  const networks = shown.map(({ network }): [string, string] => [
    network.id,
    [names.get(network.id) ?? '', 'network', ...network.addresses].join(', '),
  ]);
  return { summary: summaryOf(picture, [...names.values()]), nodes: new Map(nodes), networks: new Map(networks) };
}

/** So many networks are named; the things themselves tell the rest. */
const mostNames = 20;

function summaryOf(picture: Picture, networks: readonly string[]): string {
  const named = networks.slice(0, mostNames).join(', ');
  const more = networks.length > mostNames ? ` and ${networks.length - mostNames} more` : '';
  const wires = picture.wires.length === 0 ? '' : `, ${counted(picture.wires.length, 'wire')}`;
  const all = `${counted(networks.length, 'network')}, ${counted(picture.nodes.length, 'node')}${wires}`;
  return `Network diagram: ${all}.${named === '' ? '' : ` Networks: ${named}${more}.`}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Names of several lines, and of thousands of characters, are heard in one breath. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
