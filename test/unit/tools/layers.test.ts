import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { countMocha, countVitest, judge, runLayer } from '../../../tools/layers.mjs';

let folder: string;
let results: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kvl-'));
  results = path.join(folder, 'results.json');
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const judged = (code: number, passed: number, failed: number) => {
  writeFileSync(results, '{}');
  return judge(code, results, () => ({ passed, failed }));
};

describe('the result of a layer', () => {
  test('is what its tests say', () => {
    expect([judged(0, 3, 0), judged(1, 3, 2)]).toEqual([
      { passed: 3, failed: 0 },
      { passed: 3, failed: 2 },
    ]);
  });

  test('is a failure when it ended badly though no test failed', () => {
    expect(judged(1, 3, 0)).toMatchObject({ passed: 3, failed: 1 });
  });

  test('is a failure when no test ran', () => {
    expect(judged(0, 0, 0)).toMatchObject({ passed: 0, failed: 1, notes: ['no test ran'] });
  });

  test('is a failure when it left no results', () => {
    expect(judge(0, path.join(folder, 'none.json'), countMocha)).toMatchObject({ passed: 0, failed: 1 });
  });

  test('is a failure when what it needs cannot be had, and it is not run', async () => {
    const run = vi.fn(() => Promise.resolve({ passed: 1, failed: 0 }));

    const outcome = await runLayer(
      { name: 'x', needs: ['programs'], run },
      { programs: () => Promise.reject(new Error('no apt')) },
    );

    expect(outcome).toEqual({ passed: 0, failed: 1, notes: ['no apt'] });
    expect(run).not.toHaveBeenCalled();
  });
});

describe('counting', () => {
  test('takes a file that vitest could not load for a failure', () => {
    const report = {
      numPassedTests: 2,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 0,
      testResults: [
        { name: '/a', status: 'failed', message: '', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
        { name: '/b', status: 'failed', message: 'SyntaxError', assertionResults: [] },
        { name: '/c', status: 'passed', message: '', assertionResults: [{ status: 'passed' }] },
      ],
    };

    expect(countVitest(report)).toMatchObject({ passed: 2, failed: 2, skipped: 1 });
    expect(countVitest(report).notes?.join()).toContain('SyntaxError');
  });

  test('names each test of vitest that failed, with the first line of why', () => {
    const failed = { status: 'failed', fullName: 'a VM starts once', failureMessages: ['Error: twice\n    at x.ts'] };
    const file = { name: path.resolve('test/system/a.test.ts'), status: 'failed', assertionResults: [failed] };

    const { failures } = countVitest({ testResults: [file] });

    expect(failures).toEqual(['test/system/a.test.ts > a VM starts once: Error: twice']);
  });

  test('reads what mocha in the extension host has written', () => {
    const tests = ['passed', 'failed', 'passed', 'pending'].map(state => ({
      title: `it is ${state}`,
      state,
      error: 'no',
    }));

    expect(countMocha({ tests })).toEqual({ passed: 2, failed: 1, skipped: 1, failures: ['it is failed: no'] });
  });
});
