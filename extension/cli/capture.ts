import { UserError } from '../base/user-error.ts';
import { makeFilter } from '../runtime/capture/capture-filter.ts';
import { runCapture, type CaptureResult } from '../runtime/capture/capture-run.ts';
import { subjectOperand, subjectWords, type CaptureSubject } from '../runtime/capture/capture-target.ts';
import { untilEndOf } from '../runtime/capture/capture-parent.ts';
import type { CaptureMark, CaptureSink } from '../runtime/capture-ports.ts';
import { baseName } from '../runtime/paths.ts';
import type { FrameFilter } from '../packets/filter.ts';
import { UsageError } from './arguments.ts';
import { findSource, type FoundCapture } from './capture-source.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command, type ExitCode } from './command.ts';
import { openLab } from './lab-file.ts';
import { printable, renderTable } from './text-table.ts';

export const captureCommand: Command = {
  name: 'capture',
  operands: '[FILE] WHAT',
  summary: 'Capture the frames of a NIC, a switch, a port or a wire',
  details: [
    'WHAT is VM:NIC, SWITCH, SWITCH:PORT or a wire, such as web:1, lan, lan:3, dmz/lan, lan-dmz; where',
    'two things have one name: vm:, switch: or wire: before it. With FILE, only what runs of that lab.',
    'No root is needed. A NIC gives what its guest sends and gets; a port what goes in and out; a switch',
    'each frame once, as it came in. A switch that is started again is captured on.',
    'Of another host of the lab, a NIC or a wire gives what goes through its port of the switch there.',
    'FILTER is a filter of tcpdump. Without tcpdump: arp, ip, ip6, icmp, icmp6, tcp, udp, stp, vlan [N],',
    'host A, port N, ether host MAC, src and dst before them, and, or, not, brackets.',
    'It goes on until Ctrl+C. "-w -" writes to standard output: kvmlab capture web:1 -w - | tcpdump -r -',
  ],
  options: [
    { name: 'write', letter: 'w', value: 'FILE', summary: 'The new pcap file, or - for standard output' },
    { name: 'wireshark', summary: 'Show it in Wireshark, live' },
    { name: 'filter', value: 'FILTER', summary: 'Only frames that it lets through' },
    { name: 'count', value: 'N', summary: 'End after N frames' },
    { name: 'host', value: 'HOST', summary: 'Of the lab that has it on several hosts: which one' },
    { name: 'until-exit', value: 'PID', summary: 'End when this process has ended' },
  ],
  maxOperands: 2,
  async run({ operands, options }, ports) {
    const [what, file] = [operands.at(-1), operands.length > 1 ? operands[0] : undefined];
    if (what === undefined)
      throw new UsageError('Capture what? A NIC (web:1), a switch (lan), a port (lan:3), a wire.');
    const count = readCount(options.get('count'), 'count');
    const until = readCount(options.get('until-exit'), 'until-exit');
    const lab = file === undefined ? undefined : (await openLab(file, ports)).lab;
    const found = await findSource(what, lab, options.get('host'), ports);
    try {
      const filter = options.get('filter');
      const wanted = await makeFilter(filter, ports.captures.compiler);
      const place = placeOf(options, found.subject, ports);
      return await capture(found, place, { filter, wanted, count, until }, ports);
    } finally {
      found.dispose();
    }
  },
};

interface Limits {
  readonly filter: string | undefined;
  readonly wanted: FrameFilter | undefined;
  readonly count: number | undefined;
  readonly until: number | undefined;
}

async function capture(
  { subject, socket, place, source }: FoundCapture,
  to: Place,
  { filter, wanted, count, until }: Limits,
  ports: CliPorts,
): Promise<ExitCode> {
  const end = untilEndOf(until, ports);
  const sink = await to.open();
  const mark = ports.captures.marks.add({ subject, socket, file: to.file, filter });
  const progress = { hasBegun: false };
  const onBegin = (): void => {
    progress.hasBegun = true;
    ports.err(`Capturing ${printable(subjectWords(subject) + place)} ${to.words}. Ctrl+C ends it.\n`);
  };
  try {
    const tell = (news: string): void => ports.err(`${news}\n`);
    const { signal } = end;
    return report(await runCapture({ source, sink, filter: wanted, count, onBegin, tell, signal }), ports);
  } finally {
    mark.dispose();
    end.dispose();
    if (!progress.hasBegun && to.file !== undefined) await ports.captures.remove(to.file);
  }
}

function report({ frames, lost, reason }: CaptureResult, ports: CliPorts): ExitCode {
  const missing = lost === 0 ? '' : `; about ${lost} are missing, because it was too busy`;
  ports.err(`${reason === undefined ? '' : `${reason} `}${frames} frames${missing}.\n`);
  return exitCodes.done;
}

interface Place {
  readonly words: string;
  readonly file: string | undefined;
  readonly open: () => Promise<CaptureSink>;
}

function placeOf(options: ReadonlyMap<string, string>, subject: CaptureSubject, ports: CliPorts): Place {
  const { sinks } = ports.captures;
  const write = options.get('write');
  if (options.has('wireshark') && write !== undefined)
    throw new UsageError('Either into Wireshark or into a file: leave out --wireshark or --write.');
  if (options.has('wireshark')) return { words: 'into Wireshark', file: undefined, open: () => sinks.wireshark() };
  if (write === '-')
    return { words: 'to standard output', file: undefined, open: () => Promise.resolve(sinks.standardOutput()) };
  if (write === undefined) throw new UsageError(`Where to? -w FILE, -w - or --wireshark (${subjectOperand(subject)}).`);
  const file = ports.folder.resolve(write);
  return { words: `into ${printable(file)}`, file, open: () => sinks.file(file) };
}

function readCount(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new UsageError(`--${option} is "${text}", and should be a number from 1 on.`);
  return Number(text);
}

export const capturesCommand: Command = {
  name: 'captures',
  operands: '[stop WHAT|PID|all]',
  summary: 'List the captures that go on, or end some',
  details: [
    'Lists those of VS Code, too. WHAT is as in: kvmlab help capture.',
    'Exit code 3: there was nothing to end.',
    'With --json: [{what, kind, lab, name, number, pid, file, bytes, filter}].',
  ],
  options: [jsonOption],
  maxOperands: 2,
  async run({ operands, options }, ports) {
    const [verb, which] = operands;
    const marks = ports.captures.marks.list();
    if (verb === undefined) return list(marks, options.has('json'), ports);
    if (verb !== 'stop' || which === undefined) throw new UsageError('Either nothing, or: stop WHAT|PID|all.');
    const chosen = marks.filter(mark => which === 'all' || which === String(mark.pid) || isNamed(mark, which));
    if (chosen.length === 0 && which !== 'all')
      throw new UserError(`No capture of ${printable(which)} goes on. See: kvmlab captures`);
    for (const mark of chosen)
      if (ports.captures.marks.end(mark)) ports.err(`The capture of ${subjectWords(subjectOf(mark))} ends.\n`);
    return chosen.length === 0 ? exitCodes.already : exitCodes.done;
  },
};

const subjectOf = ({ subject }: CaptureMark) => ({ ...subject, lab: subject.lab });

function isNamed(mark: CaptureMark, which: string): boolean {
  const full = subjectOperand(subjectOf(mark));
  const short = full.replace(/^\w+:/, '');
  return [full, short, short.replace(/^[^/]*\//, '')].includes(which);
}

async function list(marks: readonly CaptureMark[], isJson: boolean, ports: CliPorts): Promise<ExitCode> {
  const entries = await Promise.all(
    marks.map(async mark => ({
      what: subjectOperand(subjectOf(mark)),
      ...mark.subject,
      lab: mark.subject.lab ?? null,
      pid: mark.pid,
      file: mark.file ?? null,
      bytes: (mark.file === undefined ? undefined : await ports.captures.sizes.size(mark.file)) ?? null,
      filter: mark.filter ?? null,
    })),
  );
  if (isJson) printJson(entries, ports);
  else if (entries.length === 0) ports.out('Nothing is being captured.\n');
  else {
    const rows = entries.map(({ what, pid, bytes, file, filter }) => {
      const where = file === null ? '(a program)' : baseName(file);
      return [what, pid, bytes ?? undefined, where, filter ?? undefined];
    });
    ports.out(renderTable(['WHAT', 'PID', 'BYTES', 'INTO', 'FILTER'], rows));
  }
  return exitCodes.done;
}
