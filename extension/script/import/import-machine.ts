import type { BootDevice } from '../../lab/model.ts';
import * as value from '../../lab/schema-values.ts';
import type { CommandOption } from '../../qemu/command-line.ts';
import { optionText, readOptionPairs } from '../../qemu/option-list.ts';
import type { VmDraft } from './draft.ts';

/** The machine itself: memory, processors, firmware, what it boots from. */
export class MachineImport {
  private readonly accels: string[] = [];
  private cpu: CommandOption | undefined;
  private readonly draft: VmDraft;

  constructor(draft: VmDraft) {
    this.draft = draft;
  }

  /** Whether the option was one of these. */
  take(option: CommandOption): boolean {
    const { name, value: text = '' } = option;
    switch (name) {
      case 'm':
        return this.memory(option, text);
      case 'smp':
        return this.cpus(option, text);
      case 'machine':
      case 'M':
        return this.machine(option, text);
      case 'enable-kvm':
        return this.accel(option, 'kvm');
      case 'accel':
        return this.accel(option, text);
      case 'cpu':
        this.cpu = option;
        return true;
      case 'boot':
        return this.boot(option, text);
      case 'append':
        return this.text(option, text);
      default:
        return false;
    }
  }

  /** What can only be said when all was read. `program`: of the command line. */
  finish(program: string): void {
    const { draft, cpu } = this;
    if (!draft.keys.has('memory')) {
      draft.keys.set('memory', '128M');
      draft.note('key', [], 'memory: 128M, as QEMU has it without -m');
    }
    const known = [...new Set(/^(qemu-)?kvm$/.test(program) ? ['kvm', ...this.accels] : this.accels)];
    const [only] = known;
    if (known.length === 1 && (only === 'kvm' || only === 'tcg')) draft.keys.set('accel', only);
    if (!cpu) return;
    const isOwn = cpu.value === 'host' || cpu.value === 'max';
    if (isOwn) draft.note('common', cpu.words, 'every VM has host with KVM and max without');
    else draft.addExtra(cpu.words);
  }

  private memory(option: CommandOption, text: string): boolean {
    const pairs = readOptionPairs(text, 'size');
    const size = pairs.findLast(([key]) => key === 'size')?.[1];
    const memory = size === undefined ? undefined : memoryOf(size);
    if (size !== undefined && memory === undefined)
      this.draft.note('lost', option.words, `${size} is no memory in whole M or G`);
    else if (memory !== undefined) this.draft.set('memory', memory, option);
    this.rest('-m', pairs, key => key === 'size');
    return true;
  }

  private cpus(option: CommandOption, text: string): boolean {
    const pairs = readOptionPairs(text, 'cpus');
    const given = new Map(pairs);
    const product = ['sockets', 'dies', 'cores', 'threads'].reduce((all, key) => all * Number(given.get(key) ?? 1), 1);
    const cpus = value.cpus.safeParse(Number(given.get('cpus') ?? product));
    if (cpus.success) this.draft.set('cpus', cpus.data, option);
    else this.draft.note('lost', option.words, 'not a number of CPUs from 1 to 255');
    this.rest('-smp', pairs, key => key === 'cpus');
    return true;
  }

  private machine({ words }: CommandOption, text: string): boolean {
    const pairs = readOptionPairs(text, 'type');
    for (const [key, one] of pairs) if (key === 'accel') this.accels.push(...one.split(':'));
    const isCommon = (key: string, one: string): boolean =>
      key === 'accel' || (key === 'type' && one === 'pc') || (key === 'graphics' && one === 'off');
    if (pairs.some(([key, one]) => isCommon(key, one)))
      this.draft.note('common', words, 'every VM is a pc; without a display its firmware speaks on the serial console');
    this.rest('-machine', pairs, isCommon);
    return true;
  }

  /** QEMU puts options of these kinds together when they stand twice, so what we have no key for is given once more. */
  private rest(
    name: string,
    pairs: readonly (readonly [string, string])[],
    isTaken: (key: string, value: string) => boolean,
  ): void {
    const left = pairs.filter(([key, one]) => !isTaken(key, one));
    if (left.length > 0) this.draft.addExtra([name, optionText(left, name === '-machine' ? 'type' : '')]);
  }

  private accel({ words }: CommandOption, text: string): boolean {
    const [first, ...more] = readOptionPairs(text, 'accel');
    const kind = first?.[1] ?? '';
    this.accels.push(kind);
    if (kind !== 'kvm' && kind !== 'tcg') this.draft.note('lost', words, 'VMs run with KVM or tcg');
    else if (more.length > 0) this.draft.note('lost', words, `accel: ${kind}, without ${optionText(more)}`);
    else this.draft.note('key', words, `accel: ${kind}`);
    return true;
  }

  private boot(option: CommandOption, text: string): boolean {
    const pairs = readOptionPairs(text, 'order');
    const order = pairs.find(([key]) => key === 'order')?.[1] ?? '';
    const devices = Array.from(order, letter => bootDevices.get(letter));
    const known = devices.filter(device => device !== undefined);
    if (order === '' || known.length < devices.length) this.draft.addExtra(option.words);
    else {
      this.draft.set('boot', known, option);
      this.rest('-boot', pairs, key => key === 'order');
    }
    return true;
  }

  private text(option: CommandOption, text: string): boolean {
    if (value.kernelArguments.safeParse(text).success) this.draft.set('append', text, option);
    else this.draft.addExtra(option.words);
    return true;
  }
}

const bootDevices: ReadonlyMap<string, BootDevice> = new Map([
  ['c', 'disk'],
  ['d', 'cdrom'],
  ['n', 'network'],
]);

/** `512`, `512M`, `2g`, `1T` as a lab file writes memory; undefined: not in whole megabytes. */
function memoryOf(text: string): string | undefined {
  const [, amount = '', unit = ''] = /^(\d{1,9})([kmgt]?)b?$/i.exec(text) ?? [];
  const number = Number(amount);
  const kilobytes = unit.toLowerCase() === 'k';
  if (kilobytes && number % 1024 !== 0) return undefined;
  const plain = kilobytes ? `${number / 1024}M` : unit.toLowerCase() === 't' ? `${number * 1024}G` : `${amount}${unit}`;
  const read = value.memory.safeParse(plain);
  return read.success ? read.data : undefined;
}
