import { linkTextSize } from '../../extension/diagram/layout/link-text.ts';
import type { Box, Picture, PlacedLink } from '../../extension/diagram/picture.ts';

/** What is wrong with a picture, in words; empty if all is well. */
export function flawsOf(picture: Picture): readonly string[] {
  return [
    ...overlaps(picture),
    ...crossedBoxes(picture),
    ...hiddenTexts(picture),
    ...strangers(picture),
    ...outside(picture),
  ];
}

/** Lower is better: all lengths in pixels, the page by half its border, a crossing or a flaw as long as two nodes are wide. */
export function badness(picture: Picture): number {
  const lines = picture.links.reduce((sum, { line }) => sum + lengthOf(line), 0);
  const buses = picture.networks
    .filter(({ isHidden }) => !isHidden)
    .reduce((sum, { bus }) => sum + bus.right - bus.left, 0);
  const crossings = picture.links.reduce((sum, { jumps }) => sum + jumps.length, 0);
  return lines + buses + (crossings + flawsOf(picture).length) * 208 + picture.size.width + picture.size.height;
}

const lengthOf = (line: PlacedLink['line']): number =>
  line.slice(1).reduce((sum, { x, y }, index) => {
    const from = line[index] ?? { x, y };
    return sum + Math.abs(x - from.x) + Math.abs(y - from.y);
  }, 0);

const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function overlaps({ nodes }: Picture): readonly string[] {
  return nodes.flatMap((one, index) =>
    nodes
      .slice(index + 1)
      .filter(other => meet(one.box, other.box))
      .map(other => `${one.node.id} lies over ${other.node.id}`),
  );
}

function crossedBoxes({ links, wires, nodes }: Picture): readonly string[] {
  const lines = [
    ...links.map(({ link, line }) => ({ name: `${link.node}-${link.network}`, line })),
    ...wires.map(({ wire, line }) => ({ name: wire.id, line })),
  ];
  return lines.flatMap(({ name, line }) =>
    segmentsOf(line).flatMap(segment =>
      nodes.filter(({ box }) => meet(segment, box)).map(({ node }) => `${name} runs through ${node.id}`),
    ),
  );
}

/** As boxes without an area; one that only touches a box does not meet it. */
function segmentsOf(line: PlacedLink['line']): readonly Box[] {
  return line.slice(1).map(({ x, y }, index) => {
    const from = line[index] ?? { x, y };
    return {
      left: Math.min(x, from.x) - 0.1,
      right: Math.max(x, from.x) + 0.1,
      top: Math.min(y, from.y) + 0.1,
      bottom: Math.max(y, from.y) - 0.1,
    };
  });
}

function hiddenTexts({ links, nodes }: Picture): readonly string[] {
  const texts = links.map(({ link, textAt }) => {
    const { width, height } = linkTextSize(link);
    const box = { left: textAt.x, top: textAt.y, right: textAt.x + width, bottom: textAt.y + height };
    return { name: `the addresses of ${link.node}-${link.network}`, box };
  });
  return texts.flatMap(({ name, box }, index) => [
    ...nodes.filter(node => meet(node.box, box)).map(({ node }) => `${name} lie over ${node.id}`),
    ...texts
      .slice(index + 1)
      .filter(other => meet(other.box, box))
      .map(other => `${name} lie over ${other.name}`),
  ]);
}

function strangers({ groups, nodes }: Picture): readonly string[] {
  return groups.flatMap(({ group, box }) =>
    nodes
      .filter(({ node, box: other }) => meet(box, other) && !group.nodes.includes(node.id))
      .map(({ node }) => `${node.id} lies in the group ${group.id}`),
  );
}

function outside({ nodes, networks, size }: Picture): readonly string[] {
  const page = { left: 0, top: 0, right: size.width, bottom: size.height };
  const boxes = [
    ...nodes.map(({ node, box }) => ({ name: node.id, box })),
    ...networks
      .filter(({ isHidden }) => !isHidden)
      .map(({ network, bus, labelBox }) => ({
        name: network.id,
        box: { left: labelBox.left, top: bus.y, right: bus.right, bottom: bus.y },
      })),
  ];
  return boxes
    .filter(
      ({ box }) => box.left < page.left || box.top < page.top || box.right > page.right || box.bottom > page.bottom,
    )
    .map(({ name }) => `${name} is not on the page`);
}
