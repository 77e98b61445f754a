import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { parseLab, readLab } from '../../extension/lab/reading/reader.ts';
import { LineIndex } from '../../extension/lab/text-span.ts';
import { renderLab } from '../../extension/script/render-lab.ts';
import type { ScriptFile } from '../../extension/script/script-file.ts';

/**
 * One lab, what is said of it and the scripts that come of it, as files to be read: labs/NAME.lab.yaml (and the samples),
 * expected/NAME/problems.txt and expected/NAME/*.sh. `UPDATE_GOLDEN=1 npm run unit` writes them anew; look at the difference.
 */
const here = path.dirname(fileURLToPath(import.meta.url));
const samples = path.join(here, '../../extension/samples');
const run = promisify(execFile);
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const scratch = mkdtempSync(path.join(tmpdir(), 'kl-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const labs = [
  ...readdirSync(path.join(here, 'labs')).map(file => path.join(here, 'labs', file)),
  ...readdirSync(samples).map(name => path.join(samples, name, `${name}.lab.yaml`)),
].map(file => ({ file, title: path.basename(file, '.lab.yaml') + (file.startsWith(samples) ? '-sample' : '') }));

function read(file: string) {
  const text = readFileSync(file, 'utf8');
  const parsed = parseLab(text);
  const included = parsed.includes.map(name => {
    const place = path.resolve(path.dirname(file), name);
    return { name, path: place, text: readFileSync(place, 'utf8') };
  });
  const reading = readLab(parsed, { fileName: path.basename(file), included });
  const lines = new LineIndex(text);
  const problems = reading.problems.map(({ code, severity, message, span }) => {
    const { line, column } = lines.position(span.start);
    return `${line + 1}:${column + 1} ${severity} ${code}: ${message}\n`;
  });
  const hasErrors = reading.problems.some(({ severity }) => severity === 'error');
  const scripts = reading.lab && !hasErrors ? renderLab(reading.lab, { source: path.basename(file), base: '..' }) : [];
  return { problems: problems.join(''), scripts };
}

/** The same text in each lab. */
const isShared = (name: string): boolean => /^common(-\w+)?\.sh$/.test(name);

/** Nobody is blocked meanwhile: ShellCheck looks at each script with all that it takes in, for a minute on a busy machine. */
async function expectClean(title: string, scripts: readonly ScriptFile[]): Promise<void> {
  const folder = path.join(scratch, title);
  mkdirSync(folder);
  for (const { name, text } of scripts) writeFileSync(path.join(folder, name), text);
  const files = scripts.map(({ name }) => path.join(folder, name));

  for (const script of files) await run('bash', ['-n', script]);
  await expect(run('shellcheck', ['--norc', ...files])).resolves.toMatchObject({ stdout: '' });
}

function compare(folder: string, name: string, text: string): void {
  const file = path.join(folder, name);
  if (isUpdate) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text, name).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '(no such file)');
}

describe.each(labs)('$title', ({ file, title }) => {
  const expected = path.join(here, 'expected', title);
  const { problems, scripts } = read(file);
  const own = scripts.filter(({ name }) => !isShared(name));

  test('what is said of it', () => {
    compare(expected, 'problems.txt', problems);
  });

  test('its scripts', () => {
    for (const { name, text } of own) compare(expected, name, text);

    const left = readdirSync(expected).filter(
      name => name.endsWith('.sh') && !own.some(script => script.name === name),
    );
    expect(left).toEqual([]);
  });

  test.runIf(own.length > 0)('its scripts are clean for Bash and ShellCheck', () => expectClean(title, own));
});

test('the shared scripts are clean for Bash and ShellCheck', async () => {
  const all = labs.flatMap(({ file }) => read(file).scripts.filter(({ name }) => isShared(name)));
  const shared = new Map(all.map(script => [script.name, script]));

  expect(shared.size).toBeGreaterThanOrEqual(11);
  await expectClean('shared', [...shared.values()]);
}, 600_000);

test('there are labs with and without scripts', () => {
  expect(labs.length).toBeGreaterThanOrEqual(14);
});
