import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

interface TestResult {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'pending';
  readonly error?: string;
}

/** VS Code calls this in the extension host; a rejection is a failure. Suites are the files *.test.ts beside this one. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 180_000, color: false });
  for (const file of readdirSync(__dirname).sort()) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  }
  const tests: TestResult[] = [];
  const failures = await new Promise<number>(resolve => record(mocha.run(resolve), tests));
  const file = process.env['KVMLAB_TEST_RESULTS'];
  if (file) writeFileSync(file, JSON.stringify({ failures, tests }, undefined, 2));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

function record(runner: Mocha.Runner, tests: TestResult[]): void {
  runner.on('pass', test => tests.push({ title: test.fullTitle(), state: 'passed' }));
  runner.on('pending', test => tests.push({ title: test.fullTitle(), state: 'pending' }));
  runner.on('fail', (test, error: Error) =>
    tests.push({ title: test.fullTitle(), state: 'failed', error: error.stack ?? error.message }),
  );
}
