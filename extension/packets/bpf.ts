/** One instruction of the classic Berkeley Packet Filter. */
interface Instruction {
  readonly code: number;
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly k: number;
}

export type BpfProgram = readonly Instruction[];

/** The machine's registers and its sixteen words of memory. */
interface Machine {
  a: number;
  x: number;
  readonly memory: number[];
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** Reads what `tcpdump -ddd` prints: how many instructions, then each as four numbers. Throws an Error if it makes no sense. */
export function parseBpf(text: string): BpfProgram {
  const [count, ...lines] = text.trim().split('\n');
  const program = lines.map(line => {
    const [code, ifTrue, ifFalse, k] = line.trim().split(/\s+/).map(Number);
    if (code === undefined || ifTrue === undefined || ifFalse === undefined || k === undefined)
      throw noInstruction(line);
    if (![code, ifTrue, ifFalse, k].every(number => Number.isInteger(number) && number >= 0)) throw noInstruction(line);
    return { code, ifTrue, ifFalse, k };
  });
  if (program.length === 0 || Number(count) !== program.length) throw new Error('the packet filter is not whole');
  return program;
}

const noInstruction = (line: string): Error => new Error(`no instruction of a packet filter: ${line}`);

/**
 * Whether a frame passes. A load from beyond the frame's end refuses it, as in the kernel. Jumps only go forward, so
 * that every program ends.
 */
export function runBpf(program: BpfProgram, bytes: Uint8Array, length: number): boolean {
  const machine: Machine = { a: 0, x: 0, memory: [], bytes, length };
  for (let at = 0; at < program.length; at += 1) {
    const one = program[at];
    if (!one) return false;
    const kind = one.code & 7;
    if (kind === 6) return (one.code & 0x18) === 0x10 ? machine.a !== 0 : one.k !== 0;
    if (kind === 5) at += jump(machine, one);
    else if (!step(machine, one, kind)) return false;
  }
  return false;
}

/** False: the frame is refused. */
function step(machine: Machine, one: Instruction, kind: number): boolean {
  if (kind === 0 || kind === 1) {
    const value = load(machine, one);
    if (value === undefined) return false;
    if (kind === 0) machine.a = value;
    else machine.x = value;
  } else if (kind === 2 || kind === 3) machine.memory[one.k] = kind === 2 ? machine.a : machine.x;
  else if (kind === 4) {
    const value = calculate(machine, one);
    if (value === undefined) return false;
    machine.a = value >>> 0;
  } else if ((one.code & 0xf8) === 0x80) machine.a = machine.x;
  else machine.x = machine.a;
  return true;
}

const sizes: Readonly<Record<number, number>> = { 0x00: 4, 0x08: 2, 0x10: 1 };

function load(machine: Machine, { code, k }: Instruction): number | undefined {
  const mode = code & 0xe0;
  if (mode === 0x00) return k;
  if (mode === 0x60) return machine.memory[k] ?? 0;
  if (mode === 0x80) return machine.length;
  if (mode === 0xa0) {
    const byte = machine.bytes[k];
    return byte === undefined ? undefined : (byte & 0xf) * 4;
  }
  const size = sizes[code & 0x18];
  const start = mode === 0x40 ? machine.x + k : k;
  if (size === undefined || (mode !== 0x20 && mode !== 0x40) || start + size > machine.bytes.length) return undefined;
  return machine.bytes.subarray(start, start + size).reduce((sum, byte) => sum * 256 + byte, 0);
}

type Calculate = (a: number, by: number) => number | undefined;

/** By the four bits of a code that say which. */
const calculations: Readonly<Record<number, Calculate>> = {
  0x00: (a, by) => a + by,
  0x10: (a, by) => a - by,
  0x20: (a, by) => Math.imul(a, by),
  0x30: (a, by) => (by === 0 ? undefined : Math.floor(a / by)),
  0x40: (a, by) => a | by,
  0x50: (a, by) => a & by,
  0x60: (a, by) => (by > 31 ? 0 : a << by),
  0x70: (a, by) => (by > 31 ? 0 : a >>> by),
  0x80: a => -a,
  0x90: (a, by) => (by === 0 ? undefined : a % by),
  0xa0: (a, by) => a ^ by,
};

const calculate = ({ a, x }: Machine, { code, k }: Instruction): number | undefined =>
  calculations[code & 0xf0]?.(a, code & 8 ? x : k);

/** How many instructions are left out. */
function jump({ a, x }: Machine, { code, ifTrue, ifFalse, k }: Instruction): number {
  const by = code & 8 ? x : k;
  switch (code & 0xf0) {
    case 0x00:
      return k;
    case 0x10:
      return a === by ? ifTrue : ifFalse;
    case 0x20:
      return a > by ? ifTrue : ifFalse;
    case 0x30:
      return a >= by ? ifTrue : ifFalse;
    default:
      return (a & by) !== 0 ? ifTrue : ifFalse;
  }
}
