import { UserError } from '../base/user-error.ts';
import { seededRandom } from '../lab/networks/random.ts';
import type { Scenario } from '../lab/scenario.ts';
import { untilEndOf } from '../runtime/capture/capture-parent.ts';
import { prepareDeed, type DeedParts } from '../runtime/scenarios/scenario-deeds.ts';
import { runScenario } from '../runtime/scenarios/run-scenario.ts';
import { planScenario } from '../runtime/scenarios/scenario-plan.ts';
import { chooseVm } from '../runtime/switches/switch-choice.ts';
import { deedWords, overWords, stepTimes, timeWords } from '../runtime/views/scenario-words.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command, type ExitCode } from './command.ts';
import { openSoundLab, takeLabFile, type OpenLab } from './lab-file.ts';
import { lineTo } from './link-target.ts';
import { parentOf, untilExitOption } from './until-exit.ts';
import { printable, renderTable } from './text-table.ts';

export const scenarioCommand: Command = {
  name: 'scenario',
  operands: '[FILE] [NAME]',
  summary: 'Run a timetable of faults of a lab, and put all back at its end',
  details: [
    'Without NAME it lists the scenarios of the lab; with --json as',
    '{scenarios: [{name, steps: [{at, for, random, does}]}]}, times in milliseconds.',
    'Whatever is named there must run. What was begun is put back at the end, on a failure and',
    'after Ctrl+C. With --json it prints a line for each event: {event, at, does}.',
  ],
  options: [
    {
      name: 'seed',
      value: 'N',
      summary: 'A number from which the times of `random` are drawn: the same each time',
    },
    untilExitOption('End the scenario when this process has ended'),
    jsonOption,
  ],
  maxOperands: 2,
  async run({ operands, options }, ports) {
    const { file, others } = await takeLabFile(operands, ports);
    const [name, extra] = others;
    if (extra !== undefined) throw new UsageError(`"${extra}" is one too many: name one scenario.`);
    const open = await openSoundLab(file, ports);
    if (name === undefined) return list(open, options.has('json'), ports);
    const scenario = open.lab.scenarios?.find(one => one.name === name);
    if (scenario) return start(open, scenario, options, ports);
    const known = (open.lab.scenarios ?? []).map(one => one.name).join(', ');
    throw new UserError(`${file} has no scenario ${name}. It has: ${known === '' ? 'none' : known}.`);
  },
};

function list({ lab }: OpenLab, isJson: boolean, ports: CliPorts): ExitCode {
  const scenarios = lab.scenarios ?? [];
  if (isJson) {
    const plain = scenarios.map(({ name, steps }) => ({
      name,
      steps: steps.map(({ atMs, forMs, randomMs, deed }) => {
        return { at: atMs, for: forMs, random: randomMs, does: deedWords(deed) };
      }),
    }));
    printJson({ scenarios: plain }, ports);
  } else {
    const rows = scenarios.flatMap(({ name, steps }) =>
      steps.map(step => [name, stepTimes(step), deedWords(step.deed)] as const),
    );
    ports.out(renderTable(['SCENARIO', 'WHEN', 'WHAT'], rows));
  }
  return exitCodes.done;
}

async function start(
  { path }: OpenLab,
  scenario: Scenario,
  options: Arguments['options'],
  ports: CliPorts,
): Promise<ExitCode> {
  const seed = seedOf(options, ports);
  const plan = planScenario(scenario, seededRandom(seed));
  const lastMs = Math.max(0, ...plan.map(({ endMs }) => endMs));
  if (scenario.steps.some(({ randomMs }) => randomMs > 0)) ports.err(`--seed ${seed} draws the same times again.\n`);
  ports.err(printable(`${scenario.name} takes ${timeWords(lastMs)}.`) + '\n');
  const end = untilEndOf(parentOf(options), ports);
  const parts = partsFor(path, ports);
  const began = ports.clock.now();
  try {
    await runScenario(plan, {
      clock: ports.clock,
      signal: end.signal,
      prepare: step => prepareDeed(step, parts),
      onEvent: (event, { deed }) => tell(event, ports.clock.now() - began, deedWords(deed), options, ports),
    });
    ports.err(printable(overWords(scenario.name)) + '\n');
    return end.signal.aborted ? exitCodes.failed : exitCodes.done;
  } finally {
    end.dispose();
  }
}

function tell(event: string, at: number, does: string, options: Arguments['options'], ports: CliPorts): void {
  if (options.has('json')) ports.out(`${JSON.stringify({ event, at, does })}\n`);
  else ports.err(printable(`${timeWords(Math.round(at / 100) * 100)} ${event}: ${does}`) + '\n');
}

function partsFor(path: string, ports: CliPorts): DeedParts {
  const { store, control, wires, clock, watcher } = ports;
  const lab = store.lab(path)?.lab?.name ?? '';
  return {
    ...{ lab: path, store, control, wires, clock },
    look: () => watcher.poll(),
    line: vm => lineTo(chooseVm(`${lab}/${vm}`, store.host.vms), vm, ports),
  };
}

function seedOf(options: Arguments['options'], ports: CliPorts): number {
  const text = options.get('seed');
  if (text === undefined) return ports.random();
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--seed ${text}: say a whole number, such as 7.`);
  return Number(text);
}
