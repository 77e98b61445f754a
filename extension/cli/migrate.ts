import { UserError } from '../base/user-error.ts';
import { lookFar } from '../runtime/hosts/far-look.ts';
import { sizeWords } from '../runtime/images/image-list.ts';
import { checkMigration, migrateVm, type MigrationParts } from '../runtime/migration/migrate-vm.ts';
import type { MigrationCheck } from '../runtime/migration/check-list.ts';
import type { MigrationOrder, MigrationTarget } from '../runtime/migration/migration-words.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command } from './command.ts';
import { openLab, takeLabFile, type OpenLab } from './lab-file.ts';
import { printable, renderTable } from './text-table.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  operands: '[FILE] VM [HOST]',
  summary: 'Move a VM to another host, or back, while it runs',
  details: [
    'HOST is one of the hosts of the lab file, or "here" for a VM that has left this host; --run-root',
    'instead moves it to other run-time folders of this host. A VM of another host is sent by that host,',
    'which has to reach the new one by ssh with a key of its own; --via tells how it finds this one.',
    'First a list of checks; if one fails, nothing is done. Ctrl+C calls it off: the VM goes on where',
    'it was. Whatever fails, it runs at one place only. By hand: VM.sh migrate',
    '',
    'With --json: {checks: [{what, isGood, why}], result: {to, run, consolePort, downtimeMs, totalMs,',
    'bytes}}; result is null if it was not migrated.',
  ],
  options: [
    { name: 'check', summary: 'Only look whether it would work' },
    { name: 'via', value: 'DEST', summary: 'With "here": where ssh goes from the host that it runs on' },
    { name: 'run-root', value: 'DIR', summary: 'Root of run-time folders on this host' },
    { name: 'id', value: 'ID', summary: 'The ID that it has there; on this host it needs another one' },
    { name: 'downtime', value: 'MS', summary: 'Milliseconds that it may stand still (100)' },
    { name: 'bandwidth', value: 'MIB', summary: 'MiB a second that its state may take (128)' },
    jsonOption,
  ],
  maxOperands: 3,
  async run({ operands, options }, ports) {
    const { file, others } = await takeLabFile(operands, ports);
    const [vm, host, extra] = others;
    if (vm === undefined || extra !== undefined) throw new UsageError('Migrate which VM, and to which host?');
    const order = readOrder(vm, host, options, ports);
    const of = await openLab(file, ports);
    if (!of.lab.vms.some(({ name }) => name === vm)) throw new UsageError(`Lab ${of.lab.name} has no VM ${vm}.`);
    await lookForVm(of, vm, ports);
    const isJson = options.has('json');
    const checks = await checkMigration(of, order, partsFor(ports), ports.signal);
    const isGood = checks.every(check => check.isGood);
    if (!isJson) (isGood && !options.has('check') ? ports.err : ports.out)(renderChecks(checks));
    const isAnswered = checks.every(({ what, isGood: isMet }) => isMet || !what.endsWith(' answers'));
    if (order.target.kind === 'here' && !isAnswered)
      ports.err('Tell how this host is reached by ssh from there: kvmlab migrate … here --via USER@HOST\n');
    if (!isGood || options.has('check')) {
      if (isJson) printJson({ checks, result: null }, ports);
      return isGood ? exitCodes.done : exitCodes.failed;
    }
    const result = await migrateVm(of, order, partsFor(ports), {
      signal: ports.signal,
      onProgress: ({ sentBytes, leftBytes }) =>
        ports.err(`${printable(vm)}: ${sizeWords(sentBytes)} sent, ${sizeWords(leftBytes)} to go\n`),
    });
    if (isJson) printJson({ checks, result }, ports);
    else
      ports.out(
        `${printable(vm)} runs at ${printable(result.to)} now: serial console port ${result.consolePort}. It stood still for ${result.downtimeMs} ms; ${sizeWords(result.bytes)} in ${result.totalMs} ms.\n`,
      );
    return exitCodes.done;
  },
};

/** Where it runs now, which decides who sends it. */
async function lookForVm({ path, lab }: OpenLab, vm: string, { watcher, store, remote }: CliPorts): Promise<void> {
  await watcher.poll();
  const thing = { lab: path, kind: 'vm', name: vm } as const;
  if (!lab.hosts || store.stateOf(thing).kind === 'running') return;
  const { unknown } = await lookFar(remote, lab, (host, look) => store.setFar(path, host, look));
  const host = lab.vms.find(({ name }) => name === vm)?.host;
  const reason = host === undefined ? undefined : unknown.get(host);
  if (reason !== undefined && store.stateOf(thing).kind !== 'running') throw new UserError(reason);
}

const partsFor = ({ scripts, qmp, files, clock, labCheck, store, remote, user }: CliPorts): MigrationParts => ({
  ...{ scripts, qmp, files, clock, store, user, remote: () => Promise.resolve(remote) },
  runDir: lab => `${labCheck.runRoot}/${lab}`,
});

function readOrder(
  vm: string,
  host: string | undefined,
  options: Arguments['options'],
  ports: CliPorts,
): MigrationOrder {
  return {
    vm,
    target: readTarget(host, options, ports),
    id: readNumber('id', options),
    downtimeMs: readNumber('downtime', options),
    bandwidthMib: readNumber('bandwidth', options),
  };
}

function readTarget(host: string | undefined, options: Arguments['options'], { folder }: CliPorts): MigrationTarget {
  const [root, via] = [options.get('run-root'), options.get('via')];
  if (via !== undefined && (host !== 'here' || /^-|\s/.test(via)))
    throw new UsageError('--via goes with "here", and takes a word that ssh understands.');
  if (host === 'here' && root === undefined) return { kind: 'here', via };
  if (host !== undefined && root === undefined) return { kind: 'host', name: host };
  if (host === undefined && root !== undefined) return { kind: 'root', root: folder.resolve(root) };
  throw new UsageError('Name a host of the lab file, "here", or a folder with --run-root.');
}

function readNumber(name: string, options: Arguments['options']): number | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} takes a number, not "${text}".`);
}

const renderChecks = (checks: readonly MigrationCheck[]): string =>
  renderTable(
    ['', 'CHECK', 'WHY NOT'],
    checks.map(({ what, isGood, why }) => [isGood ? 'ok' : 'no', printable(what), printable(why)]),
  );
