import { describe, expect, test } from 'vitest';
import { drawPicture } from '../../../extension/diagram/drawing/draw.ts';
import { linkId, thingId } from '../../../extension/diagram/thing-id.ts';
import { Ways } from '../../../webview/topology/navigation.ts';
import { outlineOf } from '../../../webview/topology/outline.ts';
import { Scene } from '../../../webview/topology/scene.ts';
import { pictureOfLab } from '../../support/picture-builder.ts';

const picture = pictureOfLab();
const scene = new Scene(drawPicture(picture));
const fw = thingId('node', 'fw');
const [lan, dmz] = [thingId('network', 'lan'), thingId('network', 'dmz')];
const nicOf = (node: string, nic: number, network: string) => linkId({ node, nic, network });
const boxOf = (name: string) => picture.nodes.find(({ node }) => node.id === name)!.box;
const middleOf = (name: string) => {
  const { left, right, top, bottom } = boxOf(name);
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
};

describe('a scene', () => {
  test('knows what is pointed at: the node before the group behind it, a line from near by, a bus, nothing', () => {
    const pc = middleOf('pc');
    const line = picture.links.find(({ link }) => link.node === 'pc')!.line;
    const [from, to] = [line[0]!, line.at(-1)!];
    const half = { x: from.x + 3, y: (from.y + to.y) / 2 };
    const { bus } = picture.networks[0]!;

    expect(scene.at(pc, 5)?.id).toBe(thingId('node', 'pc'));
    expect(scene.at(half, 5)?.id).toBe(nicOf('pc', 1, 'lan'));
    expect(scene.at({ x: bus.left + 3, y: bus.y }, 5)?.id).toBe(lan);
    const { box } = picture.groups[0]!;
    expect(scene.at({ x: box.right - 3, y: box.bottom - 3 }, 5)?.id).toBe(thingId('group', 'office'));
    expect(scene.at({ x: -500, y: -500 }, 5)).toBeUndefined();
  });

  test('gives what a part of the screen shows, in the order of painting, and no more', () => {
    const { left, right, top, bottom } = boxOf('web');
    const few = scene.visible({ left: left + 10, right: right - 10, top: top + 10, bottom: bottom - 10 });

    expect(few.map(({ id }) => id)).toContain(thingId('node', 'web'));
    expect(few.length).toBeLessThan(scene.items.length);
    const everything = { left: -100, top: -100, right: scene.size.width + 100, bottom: scene.size.height + 100 };
    expect(scene.visible(everything)).toEqual(scene.items);
  });
});

describe('arrow keys', () => {
  const ways = new Ways(picture);

  test('follow the lines up to the bus and down again', () => {
    const up = ways.next(fw, 'up')!;
    expect(up).toBe(nicOf('fw', 1, 'lan'));
    expect(ways.next(up, 'up')).toBe(lan);
    expect(ways.next(lan, 'down', ways.at(fw)!.x)).toBe(up);
    expect(ways.next(fw, 'down')).toBe(nicOf('fw', 2, 'dmz'));
    expect(ways.next(nicOf('fw', 2, 'dmz'), 'down')).toBe(dmz);
  });

  test('go along a row of nodes, and end at its ends', () => {
    const order = ['fw', 'pc', 'guest'].sort((a, b) => middleOf(a).x - middleOf(b).x);
    const [first, second] = order.map(name => thingId('node', name));

    expect(ways.next(first!, 'right')).toBe(second);
    expect(ways.next(second!, 'left')).toBe(first);
    expect(ways.next(first!, 'left')).toBeUndefined();
  });

  test('cross wires', () => {
    const wire = thingId('wire', 'lan-dmz');

    expect([ways.next(wire, 'up'), ways.next(wire, 'down')]).toEqual([lan, dmz]);
  });

  test('reach everything but groups from anywhere', () => {
    const reached = new Set([fw]);
    for (const id of reached)
      for (const direction of ['up', 'down', 'left', 'right'] as const) {
        const next = ways.next(id, direction);
        if (next !== undefined) reached.add(next);
      }

    const all = scene.items.flatMap(({ id, kind }) => (id !== undefined && kind !== 'group' ? [id] : []));
    expect(all.filter(id => !reached.has(id))).toEqual([]);
  });
});

test('the outline names every thing once, NICs below their VMs, VMs below their first switch', () => {
  const rows = outlineOf(picture);
  const drawn = scene.items.flatMap(({ id }) => id ?? []);

  expect(rows.map(({ id }) => id).sort()).toEqual([...drawn].sort());
  const at = rows.findIndex(({ id }) => id === fw);
  expect(rows.slice(at, at + 3)).toEqual([
    { id: fw, level: 2 },
    { id: nicOf('fw', 1, 'lan'), level: 3 },
    { id: nicOf('fw', 2, 'dmz'), level: 3 },
  ]);
});
