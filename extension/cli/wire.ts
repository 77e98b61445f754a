import { UserError } from '../base/user-error.ts';
import { applyEdits } from '../lab/edits/edit.ts';
import { editLab } from '../lab/edits/edit-lab.ts';
import { parseForEdit } from '../lab/edits/yaml-edit.ts';
import { writeAmount } from '../lab/fault-amounts.ts';
import { readLab } from '../lab/reading/reader.ts';
import { wirePresets } from '../lab/reading/read-faults.ts';
import { changedWire, type WireChange } from '../lab/wire-change.ts';
import { faultKeys, perfectWire, statesOf, type BothFaults, type Faults, type WireFaults } from '../lab/wire-faults.ts';
import { faultWords } from '../lab/fault-words.ts';
import { measureTarget } from '../runtime/wires/measure-target.ts';
import { wireOf, type LiveWireFaults, type WireTarget } from '../runtime/wires/wire-picture.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command, type ExitCode } from './command.ts';
import { measureTable, plainMeasured } from './wire-measure.ts';
import { printable, renderTable } from './text-table.ts';
import { isChangeWord, readChanges } from './wire-words.ts';
import { chooseWires, thingOf, type ChosenWires } from './wire-target.ts';

export const wireCommand: Command = {
  name: 'wire',
  operands: '[FILE] [A B|WIRE|VM NIC] [KEY=VALUE…|reset]',
  summary: 'Show or change what is wrong with a wire: delay, loss, bandwidth, …',
  details: [
    'A and B are switches. It is changed while in use; what is not named stays. It lasts until the',
    'wire is stopped.',
    `KEY is ${faultKeys.slice(0, 5).join(', ')},`,
    `${faultKeys.slice(5).join(', ')}, for both directions, or there.KEY from the`,
    'first end to the second (from a NIC to its switch), back.KEY the other way: delay=20ms',
    'jitter="5ms normal" there.loss=1% bandwidth=10Mbit reorder=yes; 0 is none. Presets: dsl, lte, …',
    'Without a change it prints what the wire has, which it is asked; without a wire, those of the lab.',
    'With --json: {wires: [{wire, ends, running, faults, states}]}, faults as {there, back}. --measure',
    'gives {wire, ends, measured} with {there, back}; of a NIC {round}, as its guest answers.',
  ],
  options: [
    { name: 'write', summary: 'Write what the wire has then into the lab file' },
    { name: 'measure', summary: 'Send packets over the wire and tell what arrives: loss and delay, each way' },
    { name: 'count', value: 'N', summary: 'How many packets --measure sends each way (200)' },
    jsonOption,
  ],
  maxOperands: Infinity,
  async run({ operands, options }, ports) {
    const chosen = await chooseWires(
      operands.filter(word => !isChangeWord(word)),
      ports,
    );
    const changes = readChanges(operands.filter(isChangeWord), wirePresets(chosen.open.lab.presets));
    const [only, ...more] = chosen.targets;
    if (changes.length > 0 || options.has('write')) {
      if (!only || more.length > 0)
        throw new UsageError('Which wire? Name two switches, or a VM and the number of a NIC.');
      await changeOne(only, changes, options.has('write'), chosen, ports);
    }
    await ports.watcher.poll();
    const isJson = options.has('json');
    if (!options.has('measure')) return tell(chosen, isJson, ports);
    if (!only || more.length > 0)
      throw new UsageError('Which wire is to be measured? Name two switches, or a VM and the number of a NIC.');
    return measure(only, countOf(options.get('count') ?? '200'), isJson, chosen, ports);
  },
};

function countOf(text: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new UsageError(`--count ${text}: say a number from 1 to 999999.`);
  return count;
}

async function measure(
  target: WireTarget,
  count: number,
  isJson: boolean,
  { open }: ChosenWires,
  ports: CliPorts,
): Promise<ExitCode> {
  const live = await ports.wires.read(target, ports.signal);
  const { title = '', ends = ['', ''] as const } = wireOf(open.lab, target) ?? {};
  if (live.kind === 'stopped') throw new UserError(`${title} does not run, so nothing arrives. Start it first.`);
  const faults = live.kind === 'told' ? live.faults : undefined;
  const { store, management, clock, random, plugFrames: plug, signal } = ports;
  const order = { target, lab: open.lab, faults, count, signal };
  const measured = await measureTarget(order, { store, management, clock, random, plug });
  if (isJson) printJson({ wire: title, ends, measured: plainMeasured(measured) }, ports);
  else ports.out(measureTable(measured, ends));
  return exitCodes.done;
}

/** A wire that does not run can only be changed in the file. */
async function changeOne(
  target: WireTarget,
  changes: readonly WireChange[],
  isWriting: boolean,
  { open }: ChosenWires,
  ports: CliPorts,
): Promise<void> {
  await ports.watcher.poll();
  const live = await ports.wires.read(target, ports.signal);
  if (live.kind === 'silent') throw new UserError(live.reason);
  const before = live.kind === 'told' ? live.faults : (wireOf(open.lab, target)?.faults ?? perfectWire);
  const isOnlyWritten = live.kind === 'stopped' && isWriting;
  if (changes.length > 0 && !isOnlyWritten)
    await ports.wires.change(target, now => changedWire(now, changes), ports.signal);
  if (isWriting) await writeFaults(target, changedWire(before, changes), open, ports);
}

async function writeFaults(
  target: WireTarget,
  faults: WireFaults,
  { path, text, reading }: ChosenWires['open'],
  ports: CliPorts,
): Promise<void> {
  const tools = { readLab: (one: string) => readLab(one, { included: reading.included }), parse: parseForEdit };
  const result = editLab(text, { kind: 'setFaults', thing: thingOf(target), faults }, tools);
  if (result.kind === 'refused') throw new UserError(`${path}: ${result.reason}`);
  if (result.edits.length > 0) await ports.files.write(path, applyEdits(text, result.edits));
  ports.err(result.edits.length > 0 ? `Written into ${printable(path)}.\n` : `${printable(path)} says so already.\n`);
}

interface ToldWire {
  readonly title: string;
  readonly ends: readonly [string, string];
  readonly live: LiveWireFaults;
}

async function tell({ open, targets }: ChosenWires, isJson: boolean, ports: CliPorts): Promise<ExitCode> {
  const told: ToldWire[] = [];
  for (const target of targets) {
    const wire = wireOf(open.lab, target);
    if (wire) told.push({ title: wire.title, ends: wire.ends, live: await ports.wires.read(target, ports.signal) });
  }
  if (isJson) printJson({ wires: told.map(plainWire) }, ports);
  else ports.out(renderTable(['WIRE', 'FROM', 'TO', 'WHAT IS WRONG'], told.map(rowOf)));
  return told.some(({ live }) => live.kind === 'silent') ? exitCodes.failed : exitCodes.done;
}

const rowOf = ({ title, ends, live }: ToldWire) => [title, ...ends, liveWords(live, ends)];

function liveWords(live: LiveWireFaults, ends: readonly [string, string]): string {
  if (live.kind === 'silent') return live.reason;
  if (live.kind === 'stopped') return 'stopped';
  return `${faultWords(live.faults, ends) || 'nothing'}${live.state === undefined ? '' : `, now ${live.state}`}`;
}

const plainWire = ({ title, ends, live }: ToldWire) => ({
  wire: title,
  ends,
  running: live.kind !== 'stopped',
  ...(live.kind === 'silent' ? { problem: live.reason } : {}),
  ...(live.kind === 'told' ? plainFaults(live.faults, live.state) : {}),
});

const plainFaults = (faults: WireFaults, state: string | undefined) => ({
  faults: plainWays(faults),
  reorder: faults.reorder,
  ...(faults.chain
    ? {
        state,
        every: `${faults.chain.everyMs}ms`,
        states: statesOf(faults).map(one => ({
          ...{ name: one.name, faults: plainWays(one) },
          to: Object.fromEntries([...one.to].map(([other, percent]) => [statesOf(faults)[other]?.name ?? '', percent])),
        })),
      }
    : {}),
});

const plainWays = ({ there, back }: BothFaults) => ({ there: plainWay(there), back: plainWay(back) });

const plainWay = (faults: Faults) =>
  Object.fromEntries(faultKeys.flatMap(key => (faults[key] ? [[key, writeAmount(key, faults[key])]] : [])));
