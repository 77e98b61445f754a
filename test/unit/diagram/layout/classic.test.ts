import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { pictureJson, type PictureJson } from '../../../../extension/diagram/export/json.ts';
import { readDiag } from '../../../../extension/diagram/language/reader.ts';
import { classicPicture } from '../../../../extension/diagram/layout/classic.ts';
import { diagramOf } from '../../../support/diagram-builder.ts';

const corpus = path.resolve(import.meta.dirname, '../../../../../shared/nwdiag');
const oracleFile = path.join(corpus, 'layout-oracle.json');

describe.skipIf(!existsSync(oracleFile))('for real files', () => {
  const oracle = existsSync(oracleFile)
    ? (JSON.parse(readFileSync(oracleFile, 'utf8')) as Record<string, PictureJson | { error: string }>)
    : {};
  const accepted = Object.entries(oracle).flatMap(([file, wanted]) => ('error' in wanted ? [] : [{ file, wanted }]));

  test.each(accepted)('$file looks as nwdiag draws it', ({ file, wanted }) => {
    const { diagram } = readDiag(readFileSync(path.join(corpus, file), 'utf8'));

    const picture = pictureJson(classicPicture(diagram));

    // Shapes that nwdiag does not know were boxes when it was asked, with a note of that.
    expect({ ...picture, symbols: undefined }).toEqual({ ...wanted, note: undefined });
  });
});

test('several links of one node to one network hang side by side, and the node is wide enough for them', () => {
  const sketch = diagramOf({ networks: { wan: ['fw'], lan: ['fw'] } });
  const [, lan] = sketch.links;
  const more = new Array(8).fill(lan).flatMap(link => (lan && link ? [{ ...lan }] : []));

  const { nodes, links } = classicPicture({ ...sketch, links: [...sketch.links, ...more] });

  const xs = links.filter(({ link }) => link.network === 'lan').map(({ line }) => line[0]?.x);
  expect(new Set(xs).size).toBe(9);
  expect((nodes[0]?.box.right ?? 0) - (nodes[0]?.box.left ?? 0)).toBe(160);
});

test('a wire stands in a column of its own between its two buses', () => {
  const { wires, networks, nodes } = classicPicture(
    diagramOf({ networks: { lan: ['a'], dmz: ['b'] }, wires: { 'lan-dmz': ['dmz', 'lan'] } }),
  );

  const [x = 0, ...others] = wires.flatMap(({ line }) => line.map(point => point.x));
  expect(others).toEqual([x]);
  const [lan = 0, dmz = 0] = networks.map(({ bus }) => bus.y);
  expect(wires.flatMap(({ line }) => line.map(point => point.y))).toEqual([lan + 4, dmz - 4]);
  expect(networks.filter(({ bus }) => bus.right > x)).toHaveLength(2);
  expect(nodes.filter(({ box }) => box.right < x)).toHaveLength(2);
});

test('what nwdiag would refuse has a place too: networks and nodes that nothing hangs on', () => {
  const { networks, nodes, size } = classicPicture(
    diagramOf({ networks: { lan: [], dmz: [] }, nodes: { lonely: {} } }),
  );

  expect(networks.map(({ span, bus }) => [span, bus.y < size.height])).toEqual([
    [1, true],
    [1, true],
  ]);
  expect(nodes[0]?.row).toBe(2);
});

test('half-typed links, groups and wires to nowhere are left out', () => {
  const diagram = diagramOf({ networks: { lan: ['a'] }, groups: { g: [] }, wires: { w: ['lan', 'gone'] } });
  const links = [...diagram.links, { node: 'gone', network: 'lan', addresses: [], style: {} }];

  const picture = classicPicture({ ...diagram, links });

  expect(picture.links).toHaveLength(1);
  expect(picture.wires).toEqual([]);
  expect(picture.groups[0]).toMatchObject({ width: 0, height: 0 });
});

test('lines jump over the buses that they cross', () => {
  const { links } = classicPicture(diagramOf({ networks: { a: ['x', 'y', 'z'], b: ['x', 'z'], c: ['y'] } }));

  const crossing = links.find(({ link }) => link.node === 'y' && link.network === 'c');
  expect(crossing?.jumps).toHaveLength(1);
});
