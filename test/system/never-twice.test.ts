import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lab as aLab, networkSwitch, nic, vm, wire } from '../support/lab-builder.ts';
import { freeIds } from '../support/free-ids.ts';
import { commandLine, killIfAlive } from '../support/own-processes.ts';
import { ScriptLab } from '../support/script-lab.ts';

// VMs without a disk or kernel: real QEMU processes that stop at the firmware. -S keeps their processors still.
const idle = { memory: '16M', extra: ['-S'] };
const labs: ScriptLab[] = [];
let ids: readonly number[];

const start = (lab: ScriptLab): ScriptLab => {
  labs.push(lab);
  return lab;
};
const mac = (at: number): string => `52:54:00:00:00:${at.toString(16).padStart(2, '0')}`;

function twoVms(name = 'two'): ScriptLab {
  return start(
    new ScriptLab(
      aLab({
        name,
        switches: [networkSwitch('lan'), networkSwitch('out')],
        wires: [wire('lan', 'out')],
        vms: [
          vm('a', ids[0], { ...idle, nics: [nic(1, 'lan', { port: 1, mac: mac(1) })] }),
          vm('b', ids[1], {
            ...idle,
            nics: [nic(1, 'lan', { port: 2, mac: mac(2) }), nic(2, 'out', { port: 1, mac: mac(3) })],
          }),
        ],
      }),
    ),
  );
}

beforeEach(async () => {
  ids = await freeIds(20);
});

afterEach(() => {
  for (const lab of labs.splice(0)) lab.dispose();
});

/** QEMUs, not the `timeout` that waits for one; while QEMU makes itself a daemon it is there twice for a moment. */
const qemus = (lab: ScriptLab, name: string): number =>
  lab.processes(path.join(lab.run, `${name}.pid`)).filter(pid => commandLine(pid).startsWith('qemu-system')).length;
const switches = (lab: ScriptLab, name: string): number =>
  lab.processes(path.join(lab.run, `switch-${name}.pid`)).filter(pid => commandLine(pid).startsWith('vde_switch'))
    .length;

test('a hundred starts of one VM at the same time give one running VM', async () => {
  const lab = twoVms();

  const runs = await Promise.all(Array.from({ length: 100 }, () => lab.script('a.sh', 'start')));

  expect(runs.map(({ code }) => code).sort()).toEqual([0, ...Array<number>(99).fill(3)]);
  await expect.poll(() => qemus(lab, 'a')).toBe(1);
  expect(runs.filter(({ output }) => output.includes(`runs already: process ${lab.pid('a.pid')}`))).toHaveLength(99);
});

test('twenty VMs started at once on one switch give one switch', async () => {
  const vms = ids.map((id, at) => vm(`v${at}`, id, { ...idle, nics: [nic(1, 'lan', { port: at + 1, mac: mac(at) })] }));
  const lab = start(new ScriptLab(aLab({ name: 'many', switches: [networkSwitch('lan')], vms })));

  const runs = await Promise.all(vms.map(({ name }) => lab.script(`${name}.sh`, 'start')));

  expect(runs.map(({ code }) => code)).toEqual(vms.map(() => 0));
  await expect.poll(() => switches(lab, 'lan')).toBe(1);
});

test('a VM that was killed starts again, and stop says that nothing runs before', async () => {
  const lab = twoVms();
  await lab.script('a.sh', 'start');
  await lab.kill('a.pid');

  expect((await lab.script('a.sh', 'stop')).code).toBe(3);
  const again = await lab.script('a.sh', 'start');

  expect(again).toMatchObject({ code: 0 });
  await expect.poll(() => qemus(lab, 'a')).toBe(1);
});

test('a switch that was killed starts again, and its VMs and wires are plugged in again', async () => {
  const lab = twoVms();
  await lab.script('lab.sh', 'start');
  await lab.kill('switch-lan.pid');

  const again = await lab.script('switch-lan.sh', 'start');

  expect(again.output).toContain('a: NIC 1 is plugged into port 1 of lan again.');
  expect(again.output).toContain('b: NIC 1 is plugged into port 2 of lan again.');
  expect(again.output).toContain('Wire lan-out is plugged in');
  expect(again.code).toBe(0);
});

test('restarting a switch keeps its VMs running and plugged in', async () => {
  const lab = twoVms();
  await lab.script('lab.sh', 'start');
  const before = [lab.pid('a.pid'), lab.pid('b.pid')];

  const restart = await lab.script('switch-lan.sh', 'restart');

  expect(restart.output).toContain('b: NIC 1 is plugged into port 2 of lan again.');
  expect([lab.pid('a.pid'), lab.pid('b.pid')]).toEqual(before);
});

test('a start that is killed at any moment can be done again, and nothing runs twice', async () => {
  const lab = twoVms();
  for (const ms of [5, 20, 40, 60, 80, 110, 140, 180, 230, 300]) {
    const run = lab.spawn('b.sh', 'start');
    await new Promise(done => setTimeout(done, ms));
    // Now the script alone, now with everything that it had begun and that did not detach.
    killIfAlive(ms % 40 === 20 ? -run.pid : run.pid);
    await run.done;

    const again = await lab.script('b.sh', 'start');

    expect([0, 3], `killed after ${ms} ms: ${again.output}`).toContain(again.code);
    await expect.poll(() => qemus(lab, 'b')).toBe(1);
    await expect.poll(() => switches(lab, 'lan')).toBe(1);
    expect((await lab.script('lab.sh', 'kill')).code).toBe(0);
    await expect.poll(() => lab.processes()).toEqual([]);
  }
});

test('a pid file that names another process does not make a VM run', async () => {
  const lab = twoVms();
  await lab.script('lab.sh', 'status');
  mkdirSync(lab.run, { recursive: true });
  writeFileSync(path.join(lab.run, 'a.pid'), `${process.pid}\n`);

  expect((await lab.script('a.sh', 'status')).code).toBe(3);
  expect((await lab.script('a.sh', 'kill')).code).toBe(3);
  expect((await lab.script('a.sh', 'start')).code).toBe(0);
});

test('a VM whose pid file was lost is still found, and not started twice', async () => {
  const lab = twoVms();
  await lab.script('a.sh', 'start');
  writeFileSync(path.join(lab.run, 'a.pid'), '');

  const again = await lab.script('a.sh', 'start');

  expect(again.code).toBe(3);
  await expect.poll(() => qemus(lab, 'a')).toBe(1);
});

test('a second lab of the same name is refused while the first runs', async () => {
  const lab = twoVms();
  await lab.script('a.sh', 'start');
  const other = start(new ScriptLab(lab.lab, 'elsewhere'));

  const there = ['RUN_ROOT=' + lab.runRoot];

  const refused = await other.script('b.sh', 'start', ...there);
  const stopped = await other.script('a.sh', 'stop', ...there);
  const killed = await other.script('switch-lan.sh', 'kill', ...there);

  expect(refused).toMatchObject({ code: 1 });
  expect(refused.output).toContain(`Another lab of this name runs from ${lab.folder}`);
  expect([stopped.code, killed.code]).toEqual([3, 3]);
  await expect.poll(() => lab.processes().length).toBe(2);
});

test('a VM whose ID another VM uses is refused with the port and who has it', async () => {
  const lab = twoVms();
  await lab.script('a.sh', 'start');
  const thief = start(new ScriptLab(aLab({ name: 'thief', vms: [vm('c', ids[0], idle)] })));

  const refused = await thief.script('c.sh', 'start');

  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(/c did not start. QEMU says: .*Address already in use/);
  expect(refused.output).toContain(`Process ${lab.pid('a.pid')} may hold the port`);
  await expect.poll(() => thief.processes()).toEqual([]);
});

test('a taken port and a missing port are said instead of hanging QEMU', async () => {
  const lab = twoVms();
  await lab.script('a.sh', 'start');

  const taken = await lab.script('b.sh', 'start', 'NIC1_PORT=1');
  const missing = await lab.script('b.sh', 'start', 'NIC1_PORT=99');

  expect(taken.output).toMatch(/b did not start: port 1 of switch lan is not free \(QEMU user=\w+ pid=\d+\)/);
  expect(missing.output).toContain('port 99 of switch lan is not free (no such port)');
  expect(qemus(lab, 'b')).toBe(0);
});

test("QEMU's own words come back when it refuses", async () => {
  const lab = start(
    new ScriptLab(aLab({ name: 'bad', vms: [vm('a', ids[0], { extra: ['-device', 'no-such-thing'] })] })),
  );

  const run = await lab.script('a.sh', 'start');

  expect(run.code).toBe(1);
  expect(run.output).toContain("'no-such-thing' is not a valid device model name");
});

test('a missing disk with a size is made once, whole', async () => {
  const disk = { file: 'images/new disk.qcow2', format: 'qcow2', size: '64M' } as const;
  const lab = start(new ScriptLab(aLab({ name: 'disk', vms: [vm('a', ids[0], { ...idle, disks: [disk] })] })));

  const first = await lab.script('a.sh', 'start');
  const image = path.join(lab.folder, '..', disk.file);
  const bytes = readFileSync(image);
  await lab.script('a.sh', 'kill');
  const second = await lab.script('a.sh', 'start');

  expect(first.output).toContain('Making the image');
  expect(bytes.subarray(0, 3).toString()).toBe('QFI');
  expect(second.output).not.toContain('Making');
  expect(second.code).toBe(0);
});

test('every verb is safe to repeat and says so with its exit code', async () => {
  const lab = twoVms();
  const codes = async (...runs: [string, string][]): Promise<number[]> => {
    const all: number[] = [];
    for (const [script, verb] of runs) all.push((await lab.script(script, verb)).code);
    return all;
  };

  expect(await codes(['wire-lan-out.sh', 'status'], ['wire-lan-out.sh', 'stop'], ['wire-lan-out.sh', 'start'])).toEqual(
    [3, 3, 0],
  );
  expect(await codes(['wire-lan-out.sh', 'start'], ['wire-lan-out.sh', 'status'], ['wire-lan-out.sh', 'stop'])).toEqual(
    [3, 0, 0],
  );
  expect(await codes(['switch-lan.sh', 'start'], ['switch-lan.sh', 'status'], ['switch-lan.sh', 'stop'])).toEqual([
    3, 0, 0,
  ]);
  expect(await codes(['switch-lan.sh', 'stop'], ['switch-lan.sh', 'kill'], ['switch-lan.sh', 'status'])).toEqual([
    3, 3, 3,
  ]);
  expect(
    await codes(['a.sh', 'status'], ['a.sh', 'start'], ['a.sh', 'status'], ['a.sh', 'stop'], ['a.sh', 'stop']),
  ).toEqual([3, 0, 0, 0, 3]);
  expect(
    await codes(['a.sh', 'dance'], ['lab.sh', 'dance'], ['switch-lan.sh', 'dance'], ['wire-lan-out.sh', 'dance']),
  ).toEqual([2, 2, 2, 2]);
});
