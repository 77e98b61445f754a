import { UserError } from '../base/user-error.ts';
import { costWords, isChosen, type ChangeStep } from '../runtime/change/change-step.ts';
import type { ChangePlan } from '../runtime/change/change-plan.ts';
import * as room from '../runtime/change/change-room.ts';
import { applyError, summaryOf } from '../runtime/change/change-words.ts';
import { LabChanges } from '../runtime/change/lab-changes.ts';
import { folderOf } from '../runtime/paths.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command, type ExitCode } from './command.ts';
import { openSoundLab, takeLabFile } from './lab-file.ts';
import { printable, renderTable } from './text-table.ts';

export const planCommand: Command = {
  name: 'plan',
  operands: '[FILE]',
  summary: 'Show what would make a running lab as its file says',
  details: [
    'Exit code 3: it is so already, or nothing of it runs.',
    'With --json: {lab, steps: [{number, kind, thing: {kind, name}, words, chosen}], remarks}; kind is',
    'live, hot, restart or manual; chosen says whether "apply" does it unasked.',
  ],
  options: [jsonOption],
  maxOperands: 1,
  async run({ operands, options }, ports) {
    const plan = await planOf(operands, changesOf(ports), ports);
    if (options.has('json')) printJson(plainPlan(plan), ports);
    else ports.out(render(plan));
    return plan.steps.length === 0 ? exitCodes.already : exitCodes.done;
  },
};

export const applyCommand: Command = {
  name: 'apply',
  operands: '[FILE] [STEP…]',
  summary: 'Make a running lab as its file says; what did not change stays untouched',
  details: [
    'STEP is a number of "kvmlab plan". Without: all that interrupt no VM; what restarts, starts or',
    'stops a VM is only done by its number. It ends at the first step that fails and can be repeated.',
    'Exit code 3: nothing to do.',
  ],
  options: [{ name: 'dry-run', summary: 'Only print what would be done' }],
  maxOperands: Infinity,
  async run({ operands, options }, ports) {
    const { file, others } = await takeLabFile(operands, ports);
    const changes = changesOf(ports);
    const plan = await planOf([file], changes, ports);
    const chosen = others.length > 0 ? others.map(word => stepOf(word, plan)) : plan.steps.filter(isChosen);
    if (options.has('dry-run')) {
      ports.out(chosen.map(step => `${printable(step.words)}\n`).join(''));
      return chosen.length === 0 ? exitCodes.already : exitCodes.done;
    }
    return apply(plan, chosen, changes, ports);
  },
};

async function apply(
  plan: ChangePlan,
  chosen: readonly ChangeStep[],
  changes: LabChanges,
  ports: CliPorts,
): Promise<ExitCode> {
  const onProgress = (step: ChangeStep, finished: number, total: number): void =>
    ports.err(`[${finished + 1}/${total}] ${printable(step.words)}\n`);
  const report =
    chosen.length === 0
      ? { done: [], failed: undefined, left: [] }
      : await changes.apply(plan.path, chosen, { signal: ports.signal, onProgress });
  const error = applyError(plan.lab.name, plan.path, report);
  if (error) throw error;
  const left = plan.steps.filter(step => !chosen.includes(step));
  for (const step of left) ports.err(`Not done, ${costWords[step.kind]}: ${printable(step.words)}\n`);
  return report.done.length === 0 ? exitCodes.already : exitCodes.done;
}

async function planOf(operands: readonly string[], changes: LabChanges, ports: CliPorts): Promise<ChangePlan> {
  const { file, others } = await takeLabFile(operands, ports);
  if (others[0] !== undefined) throw new UsageError(`${others[0]} is no lab file.`);
  const { path } = await openSoundLab(file, ports);
  return changes.plan(path, ports.signal);
}

function changesOf(ports: CliPorts): LabChanges {
  const { files, store, management, qmp, processes, clock, control, labCheck, watcher } = ports;
  return new LabChanges({
    ...{ files, store, management, qmp, processes, clock, control },
    room: () => Promise.resolve(room),
    images: () => Promise.resolve(ports.images),
    wires: () => Promise.resolve(ports.wires),
    runRoots: [labCheck.runRoot],
    runDir: lab => `${labCheck.runRoot}/${lab}`,
    home: folderOf(labCheck.kvmscript),
    guestFolder: labCheck.guestFolder,
    look: () => watcher.poll(),
    readLab: async path => (await openSoundLab(path, ports)).reading,
  });
}

function stepOf(word: string, { steps, lab }: ChangePlan): ChangeStep {
  const step = /^\d{1,6}$/.test(word) ? steps[Number(word) - 1] : undefined;
  if (step) return step;
  throw new UserError(`The plan for ${lab.name} has no step ${word}: it has ${steps.length}. See: kvmlab plan`);
}

const plainPlan = ({ lab, steps, remarks }: ChangePlan) => ({
  lab: lab.name,
  steps: steps.map((step, at) => ({
    number: at + 1,
    kind: step.kind,
    thing: { kind: step.thing.kind, name: step.thing.name },
    words: step.words,
    chosen: isChosen(step),
  })),
  remarks,
});

function render(plan: ChangePlan): string {
  const rows = plan.steps.map((step, at) => [String(at + 1), printable(step.words), costWords[step.kind]]);
  const table = rows.length === 0 ? '' : renderTable(['STEP', 'CHANGE', 'COST'], rows);
  return `${table}${[...plan.remarks, summaryOf(plan)].map(line => `${printable(line)}\n`).join('')}`;
}
