import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LinuxProcessTable } from '../../extension/host/process-table.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { observeHost, watchedPrograms } from '../../extension/runtime/observe.ts';
import { freeIds } from '../support/free-ids.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { until } from '../support/vscode/until.ts';
import { median } from './measure.ts';

/**
 * `npm run bench:scale`: what one host carries, for docs/scale.md. Labs of more and more tiny guests under software emulation,
 * started by their scripts; then switches alone. It says what each costs, not how that compares with anything.
 */
const counts = (process.argv[2] ?? '10,20,40').split(',').map(Number);
const restMs = 20_000;
const ticksASecond = 100;
const guest = await tinyGuestDir();

for (const count of counts) await runVms(count);
for (const count of [50, 200]) await runSwitches(count);

/** VMs in rows of ten on a switch each. */
async function runVms(count: number): Promise<void> {
  const ids = await freeIds(count);
  const vms = ids.map(
    (id, at) =>
      `  v${at}: { id: ${id}, memory: 96M, accel: tcg, kernel: ${guest}/vmlinuz, initrd: ${guest}/initrd, ` +
      `append: console=ttyS0 quiet no_timer_check lab.name=v${at} lab.ip=10.9.0.${at + 1}/24, nics: [{ switch: s${Math.floor(at / 10)} }] }`,
  );
  const switches = Array.from({ length: Math.ceil(count / 10) }, (_, at) => `  s${at}: {}`);
  await inLab(['switches:', ...switches, 'vms:', ...vms], async lab => {
    const began = performance.now();
    const { code, output } = await lab.script('lab.sh', 'start');
    if (code !== 0) throw new Error(output);
    const started = performance.now();
    for (let at = 0; at < count; at += 1) await isUp(path.join(lab.run, `v${at}.console.log`));
    const up = performance.now();
    const qemus = Array.from({ length: count }, (_, at) => lab.pid(`v${at}.pid`));
    const before = qemus.map(ticksOf);
    await pause(restMs);
    const busy = qemus.map((pid, at) => ((ticksOf(pid) - before[at]!) / ticksASecond / restMs) * 1e5);
    say(`${count} VMs of 96 MB, ${switches.length} switches`, {
      'lab.sh start, s': (started - began) / 1000,
      'all shells there after, s': (up - began) / 1000,
      'memory of a VM (PSS), MB': median(qemus.map(proportionalMb)),
      'processor of a VM at rest, % of a core': median(busy),
      'one look at all of it, ms': lookMs(lab.runRoot),
    });
  });
}

async function runSwitches(count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, at) => `s${at}`);
  await inLab(['switches:', ...names.map(name => `  ${name}: {}`)], async lab => {
    const began = performance.now();
    const { code, output } = await lab.script('lab.sh', 'start');
    if (code !== 0) throw new Error(output);
    say(`${count} switches`, {
      'lab.sh start, s': (performance.now() - began) / 1000,
      'memory of a switch (PSS), kB': median(names.map(name => proportionalMb(lab.pid(`switch-${name}.pid`)) * 1024)),
      'one look at all of it, ms': lookMs(lab.runRoot),
    });
  });
}

async function inLab(lines: readonly string[], use: (lab: ScriptLab) => Promise<void>): Promise<void> {
  const { lab, problems } = readLab(`${lines.join('\n')}\n`, { fileName: 'scale.lab.yaml' });
  if (!lab || problems.length > 0) throw new Error(problems[0]?.message ?? 'no lab');
  const scripts = new ScriptLab(lab);
  try {
    await use(scripts);
  } finally {
    scripts.dispose();
  }
}

/** By what its serial console has printed. */
const isUp = (log: string): Promise<unknown> =>
  until('a shell', () => Promise.resolve(existsSync(log) && readFileSync(log, 'utf8').includes('READY')), {
    timeoutMs: 600_000,
  });

function lookMs(runRoot: string): number {
  const table = new LinuxProcessTable();
  const looks = Array.from({ length: 15 }, () => {
    const began = performance.now();
    observeHost(table.list(watchedPrograms), [runRoot]);
    return performance.now() - began;
  });
  return median(looks);
}

/** Its own memory and its part of what it shares (proc_pid_smaps_rollup(5)). */
function proportionalMb(pid: number): number {
  const [, kilobytes = '0'] =
    /^Pss:\s+(\d+)/m.exec(readFileSync(path.join('/proc', String(pid), 'smaps_rollup'), 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** User and system time, fields 14 and 15 of proc_pid_stat(5); those behind the name in brackets are counted. */
function ticksOf(pid: number): number {
  const stat = readFileSync(path.join('/proc', String(pid), 'stat'), 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function say(title: string, figures: Readonly<Record<string, number>>): void {
  console.log(title);
  for (const [what, value] of Object.entries(figures)) console.log(`  ${what}: ${value.toFixed(value < 10 ? 2 : 0)}`);
}
