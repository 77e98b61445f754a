import { UserError } from '../base/user-error.ts';
import { checkWords, type LabCheck } from '../lab/expectations/lab-check.ts';
import type { CheckParts } from '../runtime/checks/check-bench.ts';
import { couldNot, type CheckResult } from '../runtime/checks/check-result.ts';
import { junitReport } from '../runtime/checks/junit.ts';
import { runChecks } from '../runtime/checks/run-checks.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command, type ExitCode } from './command.ts';
import { openSoundLab, takeLabFile, type OpenLab } from './lab-file.ts';
import { budgetOptions } from './start-budget.ts';
import { asItIs, bringUp, takeDown } from './test-lab.ts';
import { printable, renderTable } from './text-table.ts';

export const testCommand: Command = {
  name: 'test',
  operands: '[FILE] [CHECK…]',
  summary: 'Bring a lab up, look whether its checks hold, and take it down',
  details: [
    'CHECK is a name under "checks:" of the lab file; without one: all. What runs already is used',
    'as it is and goes on running. It ends with 0 if all checks passed, and with 1 if one failed or',
    'could not be made. With --json:',
    '{lab, passed, failed, couldNot, checks: [{name, check, outcome, message, transcript, ms}]},',
    'with --list and --json: {lab, checks: [{name, check}]}.',
  ],
  options: [
    { name: 'junit', value: 'FILE', summary: 'Write a report that CI servers read (JUnit XML)' },
    { name: 'as-is', summary: 'Start nothing: look at what runs' },
    { name: 'keep', summary: 'Leave running what was started for the checks' },
    { name: 'list', summary: 'List the checks and run nothing' },
    ...budgetOptions,
    jsonOption,
  ],
  maxOperands: Infinity,
  async run({ operands, options }, ports) {
    const { file, others } = await takeLabFile(operands, ports);
    const open = await openSoundLab(file, ports);
    const checks = chosenChecks(open, file, others);
    return options.has('list') ? list(open, checks, options, ports) : test(open, checks, options, ports);
  },
};

function chosenChecks({ lab }: OpenLab, file: string, names: readonly string[]): readonly LabCheck[] {
  const all = lab.checks ?? [];
  if (all.length === 0)
    throw new UserError(`${file} has no checks. Say under "checks:" what must hold, such as "up: pc reaches web".`);
  const unknown = names.find(name => !all.some(check => check.name === name));
  if (unknown !== undefined)
    throw new UsageError(`${file} has no check ${unknown}. It has: ${all.map(({ name }) => name).join(', ')}.`);
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

function list({ lab }: OpenLab, checks: readonly LabCheck[], options: Arguments['options'], ports: CliPorts): ExitCode {
  const plain = checks.map(check => ({ name: check.name, check: checkWords(check) }));
  if (options.has('json')) printJson({ lab: lab.name, checks: plain }, ports);
  else
    ports.out(
      renderTable(
        ['NAME', 'CHECK'],
        plain.map(({ name, check }) => [name, check] as const),
      ),
    );
  return exitCodes.done;
}

/** Whatever happens, what was started is stopped, and a report is written. */
async function test(
  open: OpenLab,
  checks: readonly LabCheck[],
  options: Arguments['options'],
  ports: CliPorts,
): Promise<ExitCode> {
  const beganAt = ports.clock.now();
  const up = options.has('as-is') ? await asItIs(ports) : await bringUp(open, options, ports);
  if (up.kind === 'refused') return exitCodes.already;
  if (up.kind === 'failed') ports.err(`${printable(up.reason)}\n`);
  let results: readonly CheckResult[];
  try {
    results = up.kind === 'failed' ? notRun(checks, up.reason) : await resultsOf(open, checks, options, ports);
  } finally {
    if (!options.has('keep')) await takeDown(up.started, ports);
  }
  tell(open, results, options, ports);
  const junit = options.get('junit');
  if (junit !== undefined)
    await ports.files.write(ports.folder.resolve(junit), junitReport({ name: open.lab.name, results, beganAt }));
  const isWhole = results.length === checks.length && !ports.signal.aborted;
  if (!isWhole) ports.err(`Called off; ${results.length} of ${checks.length} checks made.\n`);
  return isWhole && results.every(({ outcome }) => outcome === 'passed') ? exitCodes.done : exitCodes.failed;
}

const notRun = (checks: readonly LabCheck[], reason: string): readonly CheckResult[] =>
  checks.map(check => ({ check, ...couldNot(reason), transcript: '', ms: 0 }));

async function resultsOf(
  { path, lab }: OpenLab,
  checks: readonly LabCheck[],
  options: Arguments['options'],
  ports: CliPorts,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for await (const event of runChecks(lab, checks, partsFor(path, ports), ports.signal)) {
    if (event.kind === 'begins') continue;
    results.push(event.result);
    if (!options.has('json')) ports.out(resultLines(event.result));
  }
  return results;
}

function partsFor(labPath: string, ports: CliPorts): CheckParts {
  const { store, management, clock, random, shells } = ports;
  return {
    ...{ labPath, store, management, clock, random },
    look: () => ports.watcher.poll(),
    plug: ports.plugFrames,
    guests: { run: (vm, command, options) => shells.run({ lab: labPath, vm }, command, options) },
  };
}

const words = { passed: 'passed', failed: 'FAILED', 'could-not': 'COULD NOT BE CHECKED' } as const;

/** What a failure is about is said at once, with all that was asked and answered. */
function resultLines({ check, outcome, message, transcript, ms }: CheckResult): string {
  const head = `${words[outcome]} ${check.name}: ${checkWords(check)} (${(ms / 1000).toFixed(1)} s)`;
  const more = outcome === 'passed' ? [message] : [message, ...transcript.trimEnd().split('\n')];
  return [head, ...more.filter(line => line !== '').map(line => `    ${line}`)]
    .map(line => `${printable(line)}\n`)
    .join('');
}

function tell({ lab }: OpenLab, results: readonly CheckResult[], options: Arguments['options'], ports: CliPorts): void {
  const count = (outcome: CheckResult['outcome']): number => results.filter(one => one.outcome === outcome).length;
  const [passed, failed, couldNotCount] = [count('passed'), count('failed'), count('could-not')];
  if (options.has('json')) {
    const checks = results.map(({ check, outcome, message, transcript, ms }) => {
      return { name: check.name, check: checkWords(check), outcome, message, transcript, ms };
    });
    printJson({ lab: lab.name, passed, failed, couldNot: couldNotCount, checks }, ports);
  } else {
    const rest = couldNotCount === 0 ? '' : `, ${couldNotCount} could not be checked`;
    ports.out(`${lab.name}: ${passed} passed, ${failed} failed${rest}.\n`);
  }
}
