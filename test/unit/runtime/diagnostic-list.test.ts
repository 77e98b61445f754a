import { describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { placedProblems, problemsByFile } from '../../../extension/runtime/views/diagnostic-list.ts';
import { problem } from '../../support/lab-builder.ts';

const placed = (text: string) =>
  placedProblems(text, readLab(text).problems).map(({ problem: one, start, end }) => [
    one.code,
    `${start.line}:${start.column}-${end.line}:${end.column}`,
  ]);

describe('problems in an editor', () => {
  test('stand at the wrong word', () => {
    expect(placed('switches:\n  lan: {}\nvms:\n  fw: { id: 1, nics: [{ switch: lam }] }\n')).toEqual([
      ['unknown-switch', '3:32-3:35'],
    ]);
  });

  test('count columns as the editor does, also after characters outside the basic plane', () => {
    expect(placed('description: "🦊"\nvms:\n  fw: { id: 1, memroy: 5 } # 🦊\n')).toEqual([
      ['unknown-key', '2:15-2:21'],
    ]);
  });

  test('have a place in an empty file', () => {
    expect(placed('')).toEqual([['not-a-lab', '0:0-0:0']]);
  });

  test.each([
    ['a: b', 3, '0:3-0:4'],
    ['a:', 2, '0:1-0:2'],
    ['a: \n', 3, '0:3-0:3'],
  ])('without width in %j at %i get something to underline if there is something', (text, at, place) => {
    const [one] = placedProblems(text, [problem({ span: { start: at, end: at } })]);

    expect(`${one!.start.line}:${one!.start.column}-${one!.end.line}:${one!.end.column}`).toBe(place);
  });

  test('stay inside a text that has become shorter', () => {
    const [one] = placedProblems('a', [problem({ span: { start: 0, end: 50 } })]);

    expect(one!.start).toEqual({ line: 0, column: 0 });
  });
});

test('problems of included files are placed in them, and a file without any is named too', () => {
  const text = 'include: common.yaml\nvms: {}\n';
  const included = [{ name: 'common.yaml', path: '/work/common.yaml', text: '\n\ntemplates: { t: { cpus: no } }' }];

  const placed = problemsByFile('/work/x.lab.yaml', text, readLab(text, { included }));

  expect([...placed].map(([file, found]) => [file, found.map(({ start }) => start)])).toEqual([
    ['/work/x.lab.yaml', []],
    ['/work/common.yaml', [{ line: 2, column: 24 }]],
  ]);
});
