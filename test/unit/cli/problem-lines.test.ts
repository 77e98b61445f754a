import { expect, test } from 'vitest';
import { problemLines } from '../../../extension/cli/problem-lines.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';

test.each([
  ['labs/x.lab.yaml', 'common.yaml', 'labs/common.yaml'],
  ['labs/x.lab.yaml', '../common.yaml', 'common.yaml'],
  ['x.lab.yaml', '../common.yaml', '../common.yaml'],
  ['../a/x.lab.yaml', '../b/./c.yaml', '../b/./c.yaml'],
])('problems of what %s includes as %s are told as those of %s, behind its own', (file, name, shown) => {
  const text = `include: ${name}\nvms: { a: { id: 0 } }`;
  const included = [{ name, path: '/work/common.yaml', text: 'templates:\n  t: { cpus: no }' }];

  const lines = problemLines(file, text, readLab(text, { included })).map(line => line.split(' ')[0]);

  expect(lines).toEqual([`${file}:2:17:`, `${shown}:2:14:`]);
});
