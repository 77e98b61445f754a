import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSettings, type Diagram } from '../../../../extension/diagram/diagram.ts';
import { labDiagram } from '../../../../extension/diagram/from-lab.ts';
import { readDiag } from '../../../../extension/diagram/language/reader.ts';
import { classicPicture } from '../../../../extension/diagram/layout/classic.ts';
import { clearPicture } from '../../../../extension/diagram/layout/clear.ts';
import type { Picture } from '../../../../extension/diagram/picture.ts';
import { diagText } from '../../../support/diag-text.ts';
import { diagramOf } from '../../../support/diagram-builder.ts';
import { largeDiag } from '../../../support/large-diag.ts';
import { badness, flawsOf } from '../../../support/picture-checks.ts';
import { readSample, samples } from '../../../support/samples.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const corpus = path.resolve(root, '../shared/nwdiag');

const diagrams = samples.flatMap(sample => {
  const { lab } = readSample(sample);
  return lab ? [{ name: sample.name, diagram: labDiagram(lab) }] : [];
});
const realFiles = existsSync(corpus)
  ? filesIn(corpus, '.diag').map(file => ({
      name: path.basename(file),
      diagram: readDiag(readFileSync(file, 'utf8')).diagram,
    }))
  : [];

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter(file => file.endsWith(ending))
    .sort()
    .map(file => path.join(folder, file));
}

test.each([...diagrams, ...realFiles])('$name has no flaws', ({ diagram }) => {
  expect(flawsOf(clearPicture(diagram))).toEqual([]);
});

test.each(realFiles.filter(({ diagram }) => diagram.networks.length > 1))(
  '$name is better than nwdiag draws it',
  ({ diagram }) => {
    const plain = { ...diagram, settings: defaultSettings };

    expect(badness(clearPicture(plain))).toBeLessThan(badness(classicPicture(plain)));
  },
);

test('the samples are, all in all, much better than nwdiag would draw them', () => {
  const sum = (layout: (diagram: Diagram) => Picture): number =>
    diagrams.reduce((total, { diagram }) => total + badness(layout(diagram)), 0);

  expect(sum(clearPicture)).toBeLessThan(sum(classicPicture) * 0.9);
});

test('a large network is half as bad as nwdiag draws it', () => {
  const { diagram } = readDiag(largeDiag(20, 200));

  expect(badness(clearPicture(diagram))).toBeLessThan(badness(classicPicture(diagram)) / 2);
});

test('no box, line or text lies over a box, whatever is drawn', () => {
  fc.assert(
    fc.property(diagText, text => {
      const { diagram } = readDiag(text);
      expect(flawsOf(clearPicture({ ...diagram, settings: defaultSettings }))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

describe('a firewall', () => {
  const diagram = diagramOf({ networks: { lan: ['fw', 'pc'], dmz: ['fw', 'web'], wan: ['fw', 'isp'] } });

  test('stands between its networks', () => {
    const { nodes, networks } = clearPicture(diagram);

    const row = nodes.find(({ node }) => node.id === 'fw')?.row;
    expect(networks.map(network => network.row < (row ?? 0)).sort()).toEqual([false, false, true]);
  });

  test('reaches all of them without crossing any', () => {
    expect(clearPicture(diagram).links.flatMap(({ jumps }) => jumps)).toEqual([]);
  });
});

test('hosts of one network hang on both sides of it', () => {
  const { nodes } = clearPicture(diagramOf({ networks: { lan: ['a', 'b', 'c', 'd', 'e', 'f'] } }));

  expect(new Set(nodes.map(({ row }) => row))).toEqual(new Set([0, 1]));
});

test('parts that nothing connects stand side by side', () => {
  const { networks } = clearPicture(diagramOf({ networks: { a: ['x', 'y'], b: ['z'] } }));

  const [a, b] = networks;
  expect(a?.bus.y).toBe(b?.bus.y);
  expect(a?.bus.right).toBeLessThan(b?.labelBox.left ?? 0);
});

test('the way out is at the top', () => {
  const { nodes } = clearPicture(
    diagramOf({ networks: { lan: ['pc', 'fw'], inet: ['fw', 'cloud'] }, nodes: { cloud: { shape: 'cloud' } } }),
  );

  expect(nodes.find(({ node }) => node.id === 'cloud')?.row).toBe(0);
});

test('what is pinned stays there, and others make room', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const pins = fc.uniqueArray(fc.record({ column: fc.nat({ max: 5 }), row: fc.nat({ max: 3 }) }), {
    minLength: 1,
    maxLength: 5,
    selector: ({ column, row }) => `${column} ${row}`,
  });
  fc.assert(
    fc.property(pins, places => {
      const pinned = Object.fromEntries(places.map((pin, index) => [names[index] ?? '', { pin }]));
      const diagram = diagramOf({ networks: { lan: names, dmz: ['a', 'f', 'g'], mgmt: ['g', 'b'] }, nodes: pinned });

      const { nodes } = clearPicture(diagram);

      for (const { node, column, row } of nodes) if (node.pin) expect({ column, row }).toEqual(node.pin);
      expect(new Set(nodes.map(({ column, row }) => `${column} ${row}`)).size).toBe(nodes.length);
    }),
  );
});

test('wires run between their buses, on one level as well as on two', () => {
  const picture = clearPicture(
    diagramOf({
      networks: { a: ['x', 'y'], b: ['x', 'z'], c: ['y'] },
      wires: { 'a-b': ['a', 'b'], 'b-c': ['b', 'c'] },
    }),
  );

  const y = new Map(picture.networks.map(({ network, bus }) => [network.id, bus.y]));
  for (const { wire, line } of picture.wires) {
    const ends = [line.at(0)?.y, line.at(-1)?.y].sort();
    expect(ends).toEqual(wire.ends.map(id => y.get(id)).sort());
  }
  expect(flawsOf(picture)).toEqual([]);
});

test.each<[string, Diagram]>([
  ['nothing', diagramOf({ networks: {} })],
  ['a switch that nothing hangs on', diagramOf({ networks: { lan: [] } })],
  ['VMs without switches', diagramOf({ networks: {}, nodes: { a: {}, b: {} } })],
  ['a group of nothing', diagramOf({ networks: { lan: ['a'] }, groups: { g: [] } })],
])('%s has a picture', (_, diagram) => {
  const picture = clearPicture(diagram);

  expect(flawsOf(picture)).toEqual([]);
  expect(picture.size.width).toBeGreaterThan(0);
});

/** How many of the nodes that are in both stand elsewhere, seen from the first of them. */
function movedNodes(before: Picture, after: Picture): number {
  const cells = new Map(after.nodes.map(({ node, column, row }) => [node.id, { column, row }]));
  const shifts = before.nodes.flatMap(({ node, column, row }) => {
    const cell = cells.get(node.id);
    return cell ? [`${cell.column - column} ${cell.row - row}`] : [];
  });
  const counts = [...new Set(shifts)].map(shift => shifts.filter(one => one === shift).length);
  return shifts.length - Math.max(0, ...counts);
}

describe('after a small edit', () => {
  const edited = (text: string): { before: Picture; after: Picture } => {
    const before = clearPicture(readDiag(text).diagram);
    const more = text.replace(/^network (net)?(\w*) \{$/m, found => `${found}\n  newcomer;`);
    return { before, after: clearPicture(readDiag(more).diagram, before) };
  };

  test.each([2, 5, 12])('of a diagram with %i networks all others stay where they are', count => {
    const { before, after } = edited(largeDiag(count, count * 8));

    expect(after.nodes).toHaveLength(before.nodes.length + 1);
    expect(movedNodes(before, after)).toBe(0);
    expect(flawsOf(after)).toEqual([]);
  });

  test('of any diagram few others move, and it has no flaws', () => {
    fc.assert(
      fc.property(diagText, text => {
        const { before, after } = edited(text);
        expect(flawsOf(after)).toEqual([]);
        expect(movedNodes(before, after)).toBeLessThanOrEqual(Math.ceil(before.nodes.length / 2));
      }),
    );
  });
});
