import { execFile } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../extension/host/clock.ts';
import { RecordedLabFolders } from '../../extension/host/lab-folders.ts';
import { LinuxProcessTable } from '../../extension/host/process-table.ts';
import { SocketQmpDialer } from '../../extension/host/qmp-dialer.ts';
import { ScreenThumbnails } from '../../extension/host/thumbnails.ts';
import { monitorCommand, queryCdDrives, queryStatus } from '../../extension/qemu/qmp-queries.ts';
import type { WatchNews } from '../../extension/runtime/host.ts';
import type { ThingRef } from '../../extension/runtime/state.ts';
import { LabStore } from '../../extension/runtime/store.ts';
import { VmActions } from '../../extension/runtime/vms/vm-actions.ts';
import { VmScreens } from '../../extension/runtime/display/vm-screen.ts';
import { VmStatusWatch } from '../../extension/runtime/vms/vm-status-watch.ts';
import { HostWatcher } from '../../extension/runtime/watcher.ts';
import { freeIds } from '../support/free-ids.ts';
import { lab as aLab, vm as aVm } from '../support/lab-builder.ts';
import { ScriptLab } from '../support/script-lab.ts';

/** Two VMs that only run their firmware: `pc` has a display and a CD drive, `box` has neither. */
describe('a VM that runs, through QMP', () => {
  let lab: ScriptLab;
  let store: LabStore;
  let watcher: HostWatcher;
  let actions: VmActions;
  let screens: VmScreens;
  const dialer = new SocketQmpDialer({ turnMs: 120_000, answerMs: 120_000 });
  let pc: ThingRef;
  let box: ThingRef;
  const socketOf = (file: string): string => path.join(lab.run, file);
  const image = (name: string): string => path.join(lab.root, 'labs', name);

  beforeAll(async () => {
    const [pcId, boxId] = await freeIds(2);
    const described = aLab({
      name: 'q',
      vms: [aVm('pc', pcId, { vnc: true, memory: '32M', cdrom: 'one.iso' }), aVm('box', boxId, { memory: '32M' })],
    });
    lab = new ScriptLab(described);
    pc = { lab: path.join(lab.folder, '..', 'q.lab.yaml'), kind: 'vm', name: 'pc' };
    box = { ...pc, name: 'box' };
    writeFileSync(image('one.iso'), Buffer.alloc(64 * 2048));
    copyFileSync(image('one.iso'), image("two, 'x'.iso"));
    store = new LabStore();
    store.setReading(pc.lab, { lab: described, problems: [] });
    watcher = new HostWatcher({
      processes: new LinuxProcessTable(),
      store,
      clock: systemClock,
      runRoots: [lab.runRoot],
      folders: new RecordedLabFolders(),
    });
    const runDir = (name: string): string => path.join(lab.runRoot, name);
    actions = new VmActions({ store, qmp: dialer, runDir, look: () => watcher.poll() });
    screens = new VmScreens(actions, new ScreenThumbnails(), systemClock);
    for (const name of ['pc.sh', 'box.sh']) expect(await lab.script(name)).toMatchObject({ code: 0 });
  });

  afterAll(() => lab.dispose());

  test('is paused and goes on, and the store says so', async () => {
    await actions.pause(pc);
    expect(await dialer.ask(socketOf('pc.qmp'), queryStatus)).toBe('paused');
    expect(store.stateOf(pc)).toMatchObject({ kind: 'running', halted: 'paused' });

    await actions.resume(pc);
    expect(await dialer.ask(socketOf('pc.qmp'), queryStatus)).toBe('running');
    expect(store.stateOf(pc)).not.toHaveProperty('halted');
  });

  test('tells whoever looks of what happens to it, and is left alone by whoever does not', async () => {
    const log: string[] = [];
    const runDir = (name: string): string => path.join(lab.runRoot, name);
    const watch = new VmStatusWatch({ store, qmp: dialer, clock: systemClock, runDir, log: line => log.push(line) });
    watch.setLooking(true);
    // Not through our own orders, which tell the store themselves.
    const hmp = (line: string): Promise<string> => dialer.ask(socketOf('pc.qmp'), monitorCommand(line));
    const isPaused = (): boolean => 'halted' in store.stateOf(pc);

    await until(() => watch.connections === 2);
    await hmp('stop');
    await until(isPaused);
    await hmp('cont');
    await until(() => !isPaused());
    await actions.reset(pc);
    await actions.pressPowerButton(pc);
    await until(() => log.some(line => line.includes('POWERDOWN')));
    watch.dispose();

    expect(log.map(line => line.split(' ')[2])).toEqual(
      expect.arrayContaining(['STOP', 'RESUME', 'RESET', 'POWERDOWN']),
    );
    expect(await greeted(socketOf('pc.watch.qmp'))).toBe(true);
  });

  test('lets its CD be taken out, and another one be put in, whatever its name is', async () => {
    const inDrive = async (): Promise<unknown> => (await dialer.ask(socketOf('pc.qmp'), queryCdDrives))[0];
    const drive = { device: 'cdrom' };

    // Its BIOS, which begins anew after a reset, would close the tray.
    await actions.pause(pc);
    expect(await inDrive()).toMatchObject({ drive, file: image('one.iso'), isTrayOpen: false });
    await actions.ejectCd(pc);
    expect(await inDrive()).toMatchObject({ drive, file: undefined, isTrayOpen: true });
    await actions.changeCd(pc, image("two, 'x'.iso"));
    expect(await inDrive()).toMatchObject({ drive, file: image("two, 'x'.iso"), isTrayOpen: false });
    await expect(actions.changeCd(pc, image('none.iso'))).rejects.toThrow(
      /^pc: Could not open .*none\.iso': No such file/,
    );
    expect(await inDrive()).toMatchObject({ file: image("two, 'x'.iso") });
    await actions.resume(pc);
  });

  test('without a CD drive says how to get one', async () => {
    await expect(actions.ejectCd(box)).rejects.toThrow('box has no CD drive. Give it one in the lab file, "cdrom:');
  });

  test('takes every key combination that is offered, and types what is sent', async () => {
    const { usualCombinations } = await import('../../extension/qemu/key-combination.ts');
    // Keys that would restart it are pressed while it cannot react.
    await actions.pause(pc);
    for (const { keys } of usualCombinations) expect(await actions.sendKeys(pc, keys)).toContain('was sent to pc');
    await actions.reset(pc);
    await actions.resume(pc);
    await expect(actions.sendKeys(pc, 'ctrl-foo')).rejects.toThrow('There is no key "foo"');
  });

  test('knows every key that we know', async () => {
    const { allKeys } = await import('../../extension/qemu/key-combination.ts');
    await actions.pause(pc);

    const unknown: string[] = [];
    for (const key of allKeys) await actions.sendKeys(pc, key).catch(() => unknown.push(key));
    expect(unknown).toEqual([]);
    await actions.reset(pc);
    await actions.resume(pc);
  });

  test('gives a picture of its screen as PNG, of its real size', async () => {
    const file = await screens.screenshot(pc);

    const { width, height } = readPng(readFileSync(file));
    expect([width, height].every(side => side >= 300)).toBe(true);
  });

  test('gives a thumbnail that fits into a tooltip, and leaves no file', async () => {
    const look = async () => readPng(Buffer.from(await screens.thumbnail(pc), 'base64'));

    const { width, height } = await look();
    expect(width <= 320 && height <= 240).toBe(true);
    // The firmware writes light on black, once it has begun: neither is missing.
    const shades = async () => {
      const { pixels } = await look();
      return [pixels.some(one => one > 60), pixels.some(one => one < 30)];
    };
    await expect.poll(shades).toEqual([true, true]);
    expect(readdirSync(lab.run).filter(name => name.endsWith('.ppm'))).toEqual([]);
  });

  test('without a display says how to get one', async () => {
    const words =
      'box has no display, so there is no screen to take a picture of. Give it one in the lab file, "vnc: true"';

    await expect(screens.screenshot(box)).rejects.toThrow(words);
    await expect(screens.thumbnail(box)).rejects.toThrow(words);
  });

  test('lists the commands of its monitor, and answers them', async () => {
    const commands = await actions.monitorCommands(pc);

    const named = (name: string) => commands.find(one => one.name === name);
    expect(commands.length).toBeGreaterThan(140);
    expect(commands.filter(one => /\s/.test(one.name.replace('info ', '')) || one.summary === '')).toEqual([]);
    expect(named('cont')).toEqual({ name: 'cont', aliases: ['c'], args: '', summary: 'resume emulation' });
    expect(named('drive_add')?.args).toContain('[file=file][,if=type][,bus=n][,unit=m]');
    expect(named('info status')?.summary).toBe('show the current VM status (running|paused)');
    expect(await actions.monitor(pc, 'info status')).toBe('VM status: running\n');
  });

  test('answers at the terminal, with exit code 1 if the monitor says that it failed', async () => {
    const kvmlab = labFileFor(lab, store);

    expect(await kvmlab('monitor', 'pc', 'info status')).toEqual({ code: 0, out: 'VM status: running\n', err: '' });
    expect(await kvmlab('monitor', 'pc', 'eject', 'nope')).toMatchObject({
      code: 1,
      err: /^Error: Device 'nope' not found/,
    });
    expect((await kvmlab('monitor', 'pc', 'nosuch')).code).toBe(1);
    await kvmlab('monitor', 'pc', 'stop');
    expect((await kvmlab('status')).out).toMatch(/^pc +paused/m);
    await kvmlab('monitor', 'pc', 'cont');
    expect((await kvmlab('status')).out).toMatch(/^pc +running/m);
  });

  test('is asked by many at once, one after another', async () => {
    const other = new SocketQmpDialer({ turnMs: 120_000 });
    const asked = Array.from({ length: 20 }, (_, at) => (at % 2 ? dialer : other).ask(socketOf('pc.qmp'), queryStatus));

    expect(new Set(await Promise.all(asked))).toEqual(new Set(['running']));
  });

  test('is waited for while others hold and besiege its socket, and then answers', async () => {
    const holders = [1, 2, 3].map(() => net.connect(socketOf('pc.qmp')));
    for (const holder of holders) holder.on('error', () => undefined);
    await until(() => holders[0]!.bytesRead > 0);
    const asked = dialer.ask(socketOf('pc.qmp'), queryStatus);
    await expect(new SocketQmpDialer({ turnMs: 200 }).ask(socketOf('pc.qmp'), queryStatus)).rejects.toThrow(
      'another program is being served there',
    );

    for (const holder of holders) holder.destroy();

    expect(await asked).toBe('running');
  });

  test('that is paused goes on when it is stopped, so that its guest sees the power button', async () => {
    const heard: string[] = [];
    dialer.watch(socketOf('pc.watch.qmp'), news => heard.push(news.kind === 'event' ? news.event.name : news.kind));
    await until(() => heard.includes('status'));
    await actions.pause(pc);

    expect(await lab.script('pc.sh', 'stop')).toMatchObject({ code: 0 });

    await until(() => heard.includes('closed'));
    const told = heard.filter(one => one !== 'status');
    expect(told.slice(0, 3)).toEqual(['STOP', 'RESUME', 'POWERDOWN']);
    expect(await lab.script('pc.sh')).toMatchObject({ code: 0 });
  });

  test('says so when it is killed in the middle, and when it is gone', async () => {
    const heard: WatchNews['kind'][] = [];
    dialer.watch(socketOf('box.watch.qmp'), news => heard.push(news.kind));
    await until(() => heard.includes('status'));
    const pid = lab.pid('box.pid');
    process.kill(pid, 'SIGSTOP');
    const asked = dialer.ask(socketOf('box.qmp'), queryStatus);
    const refused = expect(asked).rejects.toThrow(/its VM (has )?ended/);
    // The kernel lists the socket of QEMU, and one for each connection to it.
    const connections = (): number => readFileSync('/proc/net/unix', 'utf8').split(socketOf('box.qmp')).length - 2;
    await until(() => connections() > 0);
    process.kill(pid, 'SIGKILL');

    await refused;
    await until(() => heard.includes('closed'));
    await expect(actions.pause(box)).rejects.toThrow('box is not running.');
    expect(heard.filter(kind => kind === 'closed')).toHaveLength(1);
  });

  test('with an empty CDROM has an empty drive, into which a CD can be put', async () => {
    expect(await lab.script('pc.sh', 'kill')).toMatchObject({ code: 0 });
    expect(await lab.script('pc.sh', 'start', 'CDROM=')).toMatchObject({ code: 0 });

    await actions.changeCd(pc, image('one.iso'));

    expect((await actions.cdDrive(pc)).file).toBe(image('one.iso'));
  });
});

/** Runs the built `kvmlab` on a lab file that describes the lab. */
function labFileFor(lab: ScriptLab, store: LabStore) {
  const vms = store.labs[0]!.lab!.vms.map(
    vm => `  ${vm.name}: { id: ${vm.id!}, vnc: ${vm.vnc}${vm.cdrom ? `, cdrom: ${vm.cdrom}` : ''} }\n`,
  );
  const cwd = path.join(lab.root, 'labs');
  writeFileSync(path.join(cwd, 'q.lab.yaml'), `vms:\n${vms.join('')}`);
  const cli = path.resolve('dist/cli.js');
  return async (...words: readonly string[]) => {
    const env = { ...process.env, KVMLAB_RUN_ROOT: lab.runRoot };
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...words], { cwd, env });
      return { code: 0, out: stdout, err: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    }
  };
}

/** Enough of PNG to see that it is one: the size, and the bytes of its rows, each with its filter before it. */
function readPng(png: Buffer): { readonly width: number; readonly height: number; readonly pixels: Uint8Array } {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const rows = inflateSync(Buffer.concat(parts));
  return { width, height, pixels: unfiltered(rows, width * 3, height) };
}

/** Undoes filter 2, the only one that we write; other pictures are only measured. */
function unfiltered(rows: Uint8Array, stride: number, height: number): Uint8Array {
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < stride; x++)
      pixels[y * stride + x] = rows[y * (stride + 1) + 1 + x]! + (y > 0 ? pixels[(y - 1) * stride + x]! : 0);
  return pixels;
}

/** Whether QEMU serves us on this socket at once: nobody else is connected. */
function greeted(socket: string): Promise<boolean> {
  return new Promise(resolve => {
    const connection = net.connect(socket);
    const end = (isGreeted: boolean): void => {
      clearTimeout(timer);
      connection.destroy();
      resolve(isGreeted);
    };
    const timer = setTimeout(() => end(false), 60_000);
    connection.once('data', () => end(true));
  });
}

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 120_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`waited in vain for: ${String(isSo)}`);
    await sleep(10);
  }
}
