import { execFileSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pictureJson } from '../../extension/diagram/export/json.ts';
import { readDiag } from '../../extension/diagram/language/reader.ts';
import { classicPicture } from '../../extension/diagram/layout/classic.ts';
import { diagText } from '../support/diag-text.ts';

const asker = path.resolve(import.meta.dirname, '../support/nwdiag-layout.py');

test('the classic layout puts everything where the real nwdiag puts it', () => {
  const texts = fc.sample(diagText, { numRuns: 400, seed: 20261122 });

  const answers = askNwdiag(texts);

  const accepted = texts.filter((_, index) => !('error' in (answers[index] ?? {})));
  expect(accepted.length).toBeGreaterThan(200);
  answers.forEach((answer, index) => {
    const text = texts[index] ?? '';
    if (!('error' in answer)) expect(ours(text), text).toEqual(answer);
  });
});

/** Debian's Python: one that somebody has installed beside it does not know Debian's packages. */
function askNwdiag(texts: readonly string[]): readonly Record<string, unknown>[] {
  const input = texts.map(text => `${JSON.stringify(text)}\n`).join('');
  const output = execFileSync('/usr/bin/python3', [asker], { input, encoding: 'utf8', maxBuffer: 1e8 });
  return output
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);
}

function ours(text: string): unknown {
  const { diagram } = readDiag(text);
  return JSON.parse(JSON.stringify(pictureJson(classicPicture(diagram))));
}
