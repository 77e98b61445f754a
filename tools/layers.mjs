// The layers of `npm test`: what each needs, runs, and how its result is read. Node's own modules only.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root, runLogged, runShown, say } from './process.mjs';

const results = path.join(root, 'out/results');
const tool = name => path.join(root, 'node_modules/.bin', name);
const minutes = count => count * 60_000;

/** @typedef {{ passed: number, failed: number, skipped?: number, notes?: string[], failures?: string[] }} Outcome */

/** In the order of running: the quick ones first, while slower parts are still being installed. */
export const layers = [
  { name: 'types', needs: ['packages'], run: () => check('types', [[tool('tsc'), '-b']]) },
  { name: 'lint', needs: ['packages'], run: runLint },
  { name: 'unit', needs: ['packages', 'programs'], run: () => runVitest('unit', 10) },
  { name: 'golden', needs: ['packages', 'programs'], run: () => runVitest('golden', 10) },
  { name: 'integration', needs: ['packages', 'programs', 'server', 'build'], run: runIntegration },
  { name: 'system', needs: ['packages', 'programs', 'build'], run: () => runVitest('system', 45) },
  { name: 'e2e', needs: ['packages', 'programs', 'server', 'build'], run: runE2e },
];

function runLint() {
  return check('lint', [
    [tool('eslint'), '.', '--max-warnings', '0'],
    [tool('prettier'), '--check', '.'],
    [tool('knip')],
  ]);
}

/** Runs all the commands; together they count as one test. */
async function check(name, commands) {
  const failed = [];
  for (const [command, ...args] of commands) {
    const code = await runShown(command, args, { timeoutMs: minutes(10) });
    if (code !== 0) failed.push(`${[path.basename(command), ...args].join(' ')} found something`);
  }
  return failed.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, notes: failed };
}

/** The extension as it is shipped: packed, then installed. */
async function runE2e() {
  const vsix = path.join(root, 'out/kvmlab.vsix');
  await runLogged('package', tool('vsce'), ['package', '--no-dependencies', '--out', vsix], { cwd: root });
  return runVitest('e2e', 45, { KVMLAB_VSIX: vsix });
}

async function runVitest(project, limit, environment = {}) {
  const file = freshResult(project);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const args = ['run', '--project', project, '--passWithNoTests', ...reporters];
  const env = { ...process.env, ...environment };
  const code = await runShown(tool('vitest'), args, { env, timeoutMs: minutes(limit) });
  return judge(code, file, countVitest);
}

async function runIntegration() {
  const file = freshResult('integration');
  const environment = { ...process.env, KVMLAB_TEST_RESULTS: file };
  const code = await runShown(process.execPath, ['tools/integration.mjs'], {
    env: environment,
    timeoutMs: minutes(20),
  });
  return judge(code, file, countMocha);
}

function freshResult(name) {
  const file = path.join(results, `${name}.json`);
  mkdirSync(results, { recursive: true });
  rmSync(file, { force: true });
  return file;
}

/** A layer that crashed, or in which nothing ran, has failed whatever its counts say. */
export function judge(code, file, count) {
  if (!existsSync(file)) return { passed: 0, failed: 1, notes: [`ended with code ${code} and left no results`] };
  const outcome = count(JSON.parse(readFileSync(file, 'utf8')));
  if (outcome.failed > 0) return outcome;
  if (code !== 0) return { ...outcome, failed: 1, notes: [`ended with code ${code} though no test failed`] };
  if (outcome.passed === 0) return { ...outcome, failed: 1, notes: ['no test ran'] };
  return outcome;
}

/** A file that could not even be loaded has no test results, yet it is a failure. */
export function countVitest(report) {
  const broken = report.testResults.filter(
    file => file.status === 'failed' && file.assertionResults.every(test => test.status !== 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    notes: broken.map(file => `${path.relative(root, file.name)}: ${file.message}`),
    failures: report.testResults.flatMap(failuresIn),
  };
}

const failuresIn = file =>
  file.assertionResults
    .filter(test => test.status === 'failed')
    .map(test => failureLine([path.relative(root, file.name), test.fullName], test.failureMessages?.[0]));

export function countMocha(report) {
  const count = state => report.tests.filter(test => test.state === state).length;
  const failed = report.tests.filter(test => test.state === 'failed');
  return {
    passed: count('passed'),
    failed: failed.length,
    skipped: count('pending'),
    failures: failed.map(test => failureLine([test.title], test.error)),
  };
}

/** Who failed, and the first line of why. */
const failureLine = (names, message = '') => `${names.join(' > ')}: ${message.split('\n', 1)[0]}`;

/** Runs the layer when what it needs is there; never throws. */
export async function runLayer(layer, needed) {
  try {
    for (const need of layer.needs) await needed[need]();
    say(`layer ${layer.name}`);
    return await layer.run();
  } catch (error) {
    return { passed: 0, failed: 1, notes: [error.message] };
  }
}
