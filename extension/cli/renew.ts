import { applyEdits } from '../lab/edits/edit.ts';
import { editLab } from '../lab/edits/edit-lab.ts';
import { removableScripts } from '../runtime/renew/gone-scripts.ts';
import { adopt } from '../runtime/renew/adopt.ts';
import {
  changedScripts,
  clashesOf,
  planRenewal,
  planScripts,
  type DecideClash,
  type RenewPlan,
} from '../runtime/renew/renew-plan.ts';
import { clashWords, renewedWords, scriptWords, suggestionWords } from '../runtime/renew/renew-words.ts';
import { restartNeeds, restartWords } from '../runtime/renew/restart-needs.ts';
import { writePlan } from '../runtime/script-writer.ts';
import type { RunState, ThingRef } from '../runtime/state.ts';
import { adoptSetting } from '../script/renew/adopt-setting.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command } from './command.ts';
import { labFilesHere, openSoundLab, type OpenLab } from './lab-file.ts';
import { plainPlan } from './renew-json.ts';
import { printable } from './text-table.ts';

interface RenewOrder {
  readonly isCheck: boolean;
  readonly isAdopting: boolean;
  readonly isDeleting: boolean;
  readonly isJson: boolean;
  /** Undefined: clashes are told and nothing is written. */
  readonly decide: DecideClash | undefined;
}

/** What came of one lab. */
interface Renewed {
  readonly file: string;
  readonly plan: RenewPlan;
  readonly isOpen: boolean;
  readonly isDifferent: boolean;
}

export const renewCommand: Command = {
  name: 'renew',
  operands: '[FILE…]',
  summary: 'Write scripts anew; what was changed in them by hand stays',
  details: [
    'Settings are merged one by one: as generated, as you made them, as the lab file says now.',
    'Without FILE: all lab files of this folder. Where both sides changed the same, nothing of that',
    'lab is written before you choose. Where yours is given up, a copy stays as SCRIPT.edited-N.',
    'With --json: [{file, lab, scripts: [{script, result, changed, kept, keptLines, clashes,',
    'notUnderstood}], gone: [{script, edited}], restarts: [{kind, name, settings}]}].',
    'Exit code 1: a clash is undecided, or (--check) something differs; 3: nothing to do.',
  ],
  options: [
    { name: 'check', summary: 'Only tell; exit code 1 if something would be written, or what is gone has a script' },
    { name: 'keep-mine', summary: 'Where both sides changed something, what the script says counts' },
    { name: 'take-lab', summary: 'Where both sides changed something, the lab file counts' },
    { name: 'adopt', summary: 'First write what was changed by hand into the lab file, as far as it can say it' },
    { name: 'delete-gone', summary: 'Delete scripts of what has left the lab file and does not run' },
    jsonOption,
  ],
  maxOperands: Infinity,
  async run({ operands, options }, ports) {
    const order = orderOf(options);
    const files = operands.length > 0 ? operands : await labFilesHere(ports);
    await ports.watcher.poll();
    const renewed: Renewed[] = [];
    for (const file of files) renewed.push(await renewOne(file, order, ports));
    const stateOf = (thing: ThingRef): RunState => ports.store.stateOf(thing);
    if (order.isJson)
      printJson(
        renewed.map(({ file, plan }) => plainPlan(file, plan, stateOf)),
        ports,
      );
    if (renewed.some(({ isOpen }) => isOpen)) return exitCodes.failed;
    const isDifferent = renewed.some(one => one.isDifferent);
    if (order.isCheck) return isDifferent ? exitCodes.failed : exitCodes.done;
    return isDifferent ? exitCodes.done : exitCodes.already;
  },
};

function orderOf(options: ReadonlyMap<string, string>): RenewOrder {
  const [isMine, isLab] = [options.has('keep-mine'), options.has('take-lab')];
  if (isMine && isLab) throw new UsageError('Either --keep-mine or --take-lab.');
  return {
    isCheck: options.has('check'),
    isAdopting: options.has('adopt'),
    isDeleting: options.has('delete-gone'),
    isJson: options.has('json'),
    decide: isMine ? () => 'mine' : isLab ? () => 'lab' : undefined,
  };
}

async function renewOne(file: string, order: RenewOrder, ports: CliPorts): Promise<Renewed> {
  const before = await openSoundLab(file, ports);
  const isAdopted = order.isAdopting && (await adoptInto(before, order, ports));
  const { path, lab } = isAdopted && !order.isCheck ? await openSoundLab(file, ports) : before;
  const plan = await planRenewal(ports.files, path, lab, order.decide);
  const isOpen = order.decide === undefined && clashesOf(plan).length > 0 && !order.isCheck;
  const gone = order.isDeleting ? removableScripts(plan, ports.store.host) : [];
  const leftOver = order.isCheck ? plan.gone : gone;
  const isDifferent = isAdopted || changedScripts(plan).length + clashesOf(plan).length + leftOver.length > 0;
  if (!order.isCheck && !isOpen) {
    await writePlan(ports.files, plan, order.decide);
    for (const one of gone) await ports.files.remove(one.path);
  }
  if (!order.isJson) tell(file, plan, { ...order, isOpen, deleted: gone.map(({ name }) => name) }, ports);
  return { file, plan, isOpen, isDifferent };
}

/** Whether the lab file says something else now (or would, if it only was to be told). */
async function adoptInto(
  { path, text, lab, reading }: OpenLab,
  { isCheck }: RenewOrder,
  ports: CliPorts,
): Promise<boolean> {
  const plan = await planScripts(ports.files, path, lab, { decide: () => 'mine' });
  const { edits, adopted, left } = adopt(text, plan, { adoptSetting, editLab, included: reading.included });
  for (const what of adopted) ports.err(`${isCheck ? 'To be put' : 'Put'} into the lab file: ${printable(what)}\n`);
  for (const { what, why } of left) ports.err(`Left in the script: ${printable(what)} (${printable(why)})\n`);
  if (edits.length > 0 && !isCheck) await ports.files.write(path, applyEdits(text, edits));
  return edits.length > 0;
}

interface Told extends RenewOrder {
  readonly isOpen: boolean;
  readonly deleted: readonly string[];
}

function tell(file: string, plan: RenewPlan, { isCheck, isOpen, decide, deleted }: Told, ports: CliPorts): void {
  if (!isOpen)
    for (const words of plan.scripts.flatMap(script => scriptWords(script, decide !== undefined) ?? []))
      ports.out(`${printable(words)}\n`);
  for (const { script, clash } of clashesOf(plan))
    ports.out(`${printable(`${script}: clash: ${clashWords(clash)}; ${suggestionWords(clash)}`)}\n`);
  for (const { name } of plan.gone)
    ports.out(
      deleted.includes(name)
        ? `${name}: ${isCheck ? 'would be deleted' : 'deleted'}, as the lab file has it no more\n`
        : `${name}: the lab file has it no more; delete it by hand, or with --delete-gone when it does not run\n`,
    );
  const restarts = isOpen ? '' : restartWords(restartNeeds(plan, thing => ports.store.stateOf(thing)));
  if (restarts !== '') ports.err(`${printable(restarts)}\n`);
  if (isOpen) ports.err(clashesOpen(file));
  else if (!isCheck) ports.err(`${file}: ${renewedWords(changedScripts(plan).length)}.\n`);
  else if (decide === undefined && clashesOf(plan).length > 0)
    ports.err(`${file}: choose with --keep-mine or --take-lab.\n`);
}

const clashesOpen = (file: string): string =>
  `${file}: nothing was written, as both the lab file and somebody by hand changed the same. ` +
  'Say which counts: --keep-mine, --take-lab or --adopt.\n';
