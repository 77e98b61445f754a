import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../extension/host/clock.ts';
import { SocketManagementDialer } from '../../extension/host/management-dialer.ts';
import { LinuxProcessTable } from '../../extension/host/process-table.ts';
import type { RunningSwitch } from '../../extension/runtime/state.ts';
import { LabStore } from '../../extension/runtime/store.ts';
import { SwitchWatcher } from '../../extension/runtime/switches/switch-watcher.ts';

const number = 200;
const portsEach = 4;
/** The default of `kvmlab.watch.intervalSeconds`. */
const intervalMs = 2_000;
const rounds = 10;
const facts = ['port/allprint', 'vlan/allprint', 'hash/print', 'port/showinfo', 'fstp/showinfo'];

/** What it costs to see the ports of 200 real switches all the time, beside unixcmd asking for the same facts. */
export async function benchSwitches(): Promise<void> {
  const root = mkdtempSync(path.join(tmpdir(), 'kb-'));
  const started: ChildProcess[] = [];
  try {
    const switches: BenchSwitch[] = [];
    for (let at = 0; at < number; at += 1) switches.push(await startSwitch(root, at, started));
    const ours = await watchAll(switches);
    const rivals = unixcmdMs(switches.slice(0, 20)) * (number / 20);
    console.log(`\n${number} switches, ${portsEach} ports each, looked at every ${intervalMs / 1000} s`);
    console.log(`  unixcmd, one round${rivals.toFixed(1).padStart(36)} ms of processor time`);
    console.log(`  ours, one round${ours.toFixed(1).padStart(39)} ms, ${(rivals / ours).toFixed(1)} times cheaper`);
    console.log(`  ours, of one core${((ours / intervalMs) * 100).toFixed(2).padStart(37)} %`);
  } finally {
    for (const child of started) child.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  }
}

type BenchSwitch = RunningSwitch & { readonly management: string };

async function startSwitch(root: string, at: number, started: ChildProcess[]): Promise<BenchSwitch> {
  const socket = path.join(root, `s${at}`);
  const management = `${socket}.m`;
  const child = spawn('vde_switch', ['-s', socket, '-M', management, '-n', '32'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  started.push(child);
  while (!existsSync(management)) await wait(5);
  for (let port = 1; port <= portsEach; port += 1) spawnSync('unixcmd', unixcmd(management, `port/create ${port}`));
  started.push(spawn('vde_plug', [`${socket}[1]`], { stdio: ['pipe', 'ignore', 'ignore'] }));
  const place = { socket, management, name: `s${at}`, tap: undefined, lab: undefined };
  return { pid: child.pid ?? 0, startTicks: 0, uid: 0, ports: 31, ...place };
}

/** Milliseconds of processor time, user and system, for one round. */
async function watchAll(switches: readonly RunningSwitch[]): Promise<number> {
  const store = new LabStore();
  store.setHost({ vms: [], switches, wires: [] });
  const management = new SocketManagementDialer();
  const parts = { management, processes: new LinuxProcessTable(), runRoots: [], store, clock: systemClock };
  const watcher = new SwitchWatcher({ ...parts, intervalMs: () => intervalMs });
  watcher.want(
    'bench',
    switches.map(({ pid }) => pid),
  );
  // The first rounds connect, and learn who is who.
  await wait(3 * intervalMs);
  const before = process.cpuUsage();
  await wait(rounds * intervalMs);
  const { user, system } = process.cpuUsage(before);
  watcher.dispose();
  management.dispose();
  return (user + system) / 1000 / rounds;
}

/** Processor time of unixcmd asking each switch once for the facts that we have of it all the time. */
function unixcmdMs(switches: readonly BenchSwitch[]): number {
  const asks = switches.flatMap(({ management }) =>
    facts.map(line => ['unixcmd', ...unixcmd(management, line)].join(' ')),
  );
  // `times` prints the shell's own time, which is that of the forks, and that of all that it ran.
  const { stdout } = spawnSync('bash', ['-c', `{ ${asks.join('; ')}; } >/dev/null; times`], { encoding: 'utf8' });
  const parts = [...stdout.matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0);
}

const unixcmd = (management: string, line: string): readonly string[] => [
  ...['-s', management, '-f', '/etc/vde2/vdecmd'],
  ...line.split(' '),
];
