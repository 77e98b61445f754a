import { UserError } from '../base/user-error.ts';
import { scriptFolder } from '../runtime/lab-identity.ts';
import { readLockWords, type LockState, type VmLock } from '../runtime/locks/lock-words.ts';
import { vmScript } from '../lab/layout.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command, type ExitCode } from './command.ts';
import { openLab, takeLabFile, type OpenLab } from './lab-file.ts';
import { renderTable } from './text-table.ts';

export const lockCommand: Command = {
  name: 'lock',
  operands: 'list|show|break [FILE] [VM]',
  summary: 'Show which host may run each VM, and free what a dead host holds',
  details: [
    'lock list [FILE] [VM…]   all VMs, or some',
    'lock show [FILE] VM      in words, with what to do',
    'lock break [FILE] VM --fenced HOST   only if HOST is dead for sure: off, or fenced',
    '',
    'Locks are files in the folder `locks:` of the lab file, which all hosts see. A VM is not',
    'started while another host has its lock. What has ended on this host is found out unasked.',
    'With --json, list prints {locks: [{vm, state, host, phase, pid, since, run}]}. States: none',
    '(the lab has no locks), free, ours (of this host), stale (proven to be over), held (by others).',
    'Exit code 3: it is not locked, or by another host than was said.',
  ],
  options: [{ name: 'fenced', value: 'HOST', summary: 'The host that is dead for sure (break)' }, jsonOption],
  maxOperands: Infinity,
  async run({ operands: [verb, ...operands], options }, ports) {
    const fenced = options.get('fenced');
    if (!/^(list|show|break)$/.test(verb ?? '')) throw new UsageError('lock does one of: list, show, break.');
    if ((verb === 'break') !== (fenced !== undefined))
      throw new UsageError('break, and nothing else, takes --fenced HOST: a host that is dead for sure.');
    const { file, others } = await takeLabFile(operands, ports);
    const open = await openLab(file, ports);
    for (const name of others) expectVm(open, name);
    if (verb === 'list') return list(open, others, options.has('json'), ports);
    const [vm, extra] = others;
    if (vm === undefined || extra !== undefined) throw new UsageError(`lock ${verb} takes one VM.`);
    const words = fenced === undefined ? ['lock', 'show'] : ['lock', 'break', '--fenced', fenced];
    return tell(open, vm, words, ports);
  },
};

function expectVm({ lab }: OpenLab, name: string): void {
  if (lab.vms.some(vm => vm.name === name)) return;
  throw new UserError(`Lab ${lab.name} has no VM ${name}. Its VMs: ${lab.vms.map(vm => vm.name).join(', ')}.`);
}

async function list(open: OpenLab, names: readonly string[], isJson: boolean, ports: CliPorts): Promise<ExitCode> {
  const chosen = open.lab.vms.filter(({ name }) => names.length === 0 || names.includes(name));
  const locks = await Promise.all(chosen.map(({ name }) => lockOf(open, name, ports)));
  if (isJson) {
    printJson({ locks: locks.map(({ vm, state, holder }) => ({ vm, state, ...holder })) }, ports);
    return exitCodes.done;
  }
  const rows = locks.map(({ vm, state, holder }) => [
    ...[vm, stateWords[state], holder?.host, holder?.pid],
    holder && `${new Date(holder.since * 1000).toISOString().replace('T', ' ').slice(0, 19)} UTC`,
    holder?.run,
  ]);
  ports.out(renderTable(['VM', 'LOCK', 'HOST', 'PROCESS', 'SINCE', 'RUN-TIME FOLDER'], rows));
  return exitCodes.done;
}

const stateWords: Record<LockState, string> = {
  none: 'no locks in this lab',
  free: 'free',
  ours: 'of this host',
  stale: 'over',
  held: 'held elsewhere',
};

/** Asks the VM's script. Rejects with a UserError if there is none, or the lock cannot be read. */
export async function lockOf(open: OpenLab, vm: string, ports: CliPorts): Promise<VmLock> {
  if (open.lab.locks === undefined) return { vm, state: 'none' };
  const { output } = await runScript(open, vm, ['lock', 'tell'], ports);
  const lock = readLockWords(vm, output);
  if (!lock) throw new UserError(output.trim() === '' ? `The lock of ${vm} cannot be read.` : output.trim());
  return lock;
}

async function tell(open: OpenLab, vm: string, words: readonly string[], ports: CliPorts): Promise<ExitCode> {
  const { code, output } = await runScript(open, vm, words, ports);
  (code === 0 ? ports.out : ports.err)(output);
  const known = Object.values(exitCodes).find(one => one === code);
  return known ?? exitCodes.failed;
}

async function runScript({ path, lab }: OpenLab, vm: string, words: readonly string[], ports: CliPorts) {
  const script = `${scriptFolder(path, lab)}/${vmScript(vm)}`;
  if (await ports.files.exists(script)) return ports.scripts.run(script, words, ports.signal);
  throw new UserError(`${vm} has no script yet. Write it with: kvmlab script`);
}
