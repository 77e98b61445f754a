import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Diagram } from '../../extension/diagram/diagram.ts';
import { labDiagram } from '../../extension/diagram/from-lab.ts';
import { readDiag } from '../../extension/diagram/language/reader.ts';
import { writeDiag } from '../../extension/diagram/language/write-diag.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { plainDiag, randomDiag } from '../support/diag-generator.ts';

const run = promisify(execFile);
const samples = path.resolve('extension/samples');
const own = path.resolve('test/golden/diagrams');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'kl-nwdiag-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The SVG that the real nwdiag draws; rejects with its words if it refuses. */
async function drawn(text: string): Promise<string> {
  const [source, target] = [path.join(folder, 'x.diag'), path.join(folder, 'x.svg')];
  writeFileSync(source, text);
  const { stdout, stderr } = await run('nwdiag3', ['-Tsvg', '-o', target, source]);
  const errors = `${stdout}${stderr}`.split('\n').filter(line => line.includes('ERROR'));
  if (errors.length > 0) throw new Error(`${errors.join('\n')}\n${text}`);
  return readFileSync(target, 'utf8');
}

async function isAccepted(diagram: Diagram): Promise<void> {
  for (const dialect of ['portable', 'nwdiag'] as const)
    expect(await drawn(writeDiag(diagram, dialect).text)).toContain('<svg');
}

/** Without a font of its own, nwdiag measures no other letters; and portable text has ” in the place of a quote. */
const isAscii = (diagram: Diagram): boolean =>
  (['portable', 'nwdiag'] as const).every(dialect => !/[^ -~\n]/.test(writeDiag(diagram, dialect).text));

const labFile = (sample: string): string => readFileSync(path.join(samples, sample, `${sample}.lab.yaml`), 'utf8');
const soundDiagrams = (count: number): readonly Diagram[] =>
  fc
    .sample(fc.oneof(plainDiag, randomDiag), { numRuns: count * 6, seed: 20261123 })
    .map(text => readDiag(text).diagram)
    .filter(diagram => diagram.links.length > 0 && isAscii(diagram))
    .slice(0, count);

describe('the real nwdiag accepts what we write', () => {
  test.each(readdirSync(samples))('of the sample %s', async sample => {
    await isAccepted(labDiagram(readLab(labFile(sample)).lab ?? expect.fail('no lab')));
  });

  test.each(readdirSync(own))('of %s', async file => {
    await isAccepted(readDiag(readFileSync(path.join(own, file), 'utf8')).diagram);
  });

  test('of generated diagrams', async () => {
    const diagrams = soundDiagrams(6);

    expect(diagrams).toHaveLength(6);
    for (const diagram of diagrams) await isAccepted(diagram);
  });

  test('and refuses where we say so', async () => {
    const text = '{ network a { x; } a -- a; }';

    await expect(drawn(text)).rejects.toThrow('Do not connect same node');
    expect(readDiag(text).problems.some(problem => problem.code === 'self-peer')).toBe(true);
  });
});
