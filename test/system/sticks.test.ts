import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../extension/host/clock.ts';
import { QemuImageTool } from '../../extension/host/image-tool.ts';
import { RecordedLabFolders } from '../../extension/host/lab-folders.ts';
import { LinuxProcessTable } from '../../extension/host/process-table.ts';
import { SocketQmpDialer } from '../../extension/host/qmp-dialer.ts';
import { LocalStickFiles } from '../../extension/host/stick-files.ts';
import { seededRandom } from '../../extension/lab/networks/random.ts';
import { querySticks, queryStickNodes } from '../../extension/qemu/live-sticks.ts';
import { vmLine } from '../../extension/runtime/change/vm-nics.ts';
import type { RunningVm } from '../../extension/runtime/state.ts';
import { StickActions } from '../../extension/runtime/sticks/stick-actions.ts';
import { StickMaker, type StickOrder } from '../../extension/runtime/sticks/stick-maker.ts';
import { plugStick, StickElsewhere, StickMounted } from '../../extension/runtime/sticks/stick-slots.ts';
import { LabStore } from '../../extension/runtime/store.ts';
import { HostWatcher } from '../../extension/runtime/watcher.ts';
import { freeIds } from '../support/free-ids.ts';
import { GuestConsole } from '../support/guest-console.ts';
import { lab as aLab, vm as aVm } from '../support/lab-builder.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { usbGuestDir } from '../support/usb-guest.ts';

/** `pc` has a USB controller and a stick from its start; `two` gets one while it runs; `odd` (q35, no guest) takes none. */
describe('USB sticks in VMs that run', () => {
  let lab: ScriptLab;
  let actions: StickActions;
  let watcher: HostWatcher;
  let ids: readonly number[];
  const store = new LabStore();
  const files = new LocalStickFiles();
  const maker = new StickMaker(files, new QemuImageTool(), seededRandom(1));
  const dialer = new SocketQmpDialer({ turnMs: 120_000, answerMs: 120_000 });
  const consoles: GuestConsole[] = [];
  const labFolder = (): string => path.join(lab.root, 'labs');
  const image = (name: string): string => path.join(labFolder(), 'sticks', `${name}.img`);
  const line = (vm: string) => vmLine(dialer, vm, path.join(lab.run, `${vm}.qmp`));
  const order: StickOrder = { folder: undefined, bytes: undefined, label: undefined, replace: true };

  async function running(name: string): Promise<RunningVm> {
    await watcher.poll();
    return store.host.vms.find(vm => vm.lab === 'usb' && vm.name === name)!;
  }

  /** A stick with these files on it. */
  async function packed(name: string, content: Readonly<Record<string, string>>): Promise<string> {
    const folder = path.join(lab.root, 'content');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const [file, text] of Object.entries(content)) writeFileSync(path.join(folder, file), text);
    await maker.pack(image(name), { ...order, folder });
    return image(name);
  }

  async function unpacked(stick: string): Promise<Readonly<Record<string, Buffer>>> {
    const folder = path.join(lab.root, 'unpacked');
    rmSync(folder, { recursive: true, force: true });
    await maker.unpack(stick, folder);
    return Object.fromEntries(readdirSync(folder).map(name => [name, readFileSync(path.join(folder, name))]));
  }

  /** In the guest, whichever letter the kernel took. */
  const mount = 'until [ -b /dev/sd?1 ]; do usleep 20000; done; mount -t vfat /dev/sd?1 /mnt';
  const untilGone = 'while [ -b /dev/sd?1 ]; do usleep 20000; done';

  beforeAll(async () => {
    const guest = await usbGuestDir();
    ids = await freeIds(3);
    const machine = { isTinyGuest: true, memory: '128M' };
    const vms = [
      aVm('pc', ids[0], { ...machine, sticks: ['sticks/first.img'] }),
      aVm('two', ids[1], machine),
      aVm('odd', ids[2], { memory: '32M', extra: ['-machine', 'q35'] }),
    ];
    lab = new ScriptLab(aLab({ name: 'usb', vms }));
    symlinkSync(guest, path.join(labFolder(), 'guest'));
    writeFileSync(
      path.join(labFolder(), 'usb.lab.yaml'),
      `vms:\n${vms.map(vm => `  ${vm.name}: { id: ${vm.id!} }\n`).join('')}`,
    );
    const parts = { store, clock: systemClock };
    watcher = new HostWatcher({
      ...parts,
      processes: new LinuxProcessTable(),
      runRoots: [lab.runRoot],
      folders: new RecordedLabFolders(),
    });
    const runDir = (name: string): string => path.join(lab.runRoot, name);
    actions = new StickActions({ ...parts, files, qmp: dialer, runDir, look: () => watcher.poll() });
    await packed('first', { 'hello.txt': 'from the lab file' });
    for (const name of ['pc.sh', 'two.sh', 'odd.sh']) expect(await lab.script(name)).toMatchObject({ code: 0 });
    for (const [at, name] of ['pc', 'two'].entries()) {
      const console = await GuestConsole.open(10_000 + ids[at]!);
      consoles.push(console);
      console.type('\r');
      await console.waitFor(new RegExp(`${name}:~# `));
      // The kernel waits a second before it looks at a stick, for hardware that is slow.
      await console.run('echo 0 >/sys/module/usb_storage/parameters/delay_use');
    }
  });

  afterAll(() => {
    for (const console of consoles) console.close();
    lab.dispose();
  });

  test('one of the lab file is in from the start, and is pulled out like any other', async () => {
    const [pc] = consoles;
    expect(await pc!.run(`${mount} && cat /mnt/hello.txt && umount /mnt`)).toEqual({
      code: 0,
      output: 'from the lab file',
    });

    expect(await actions.pull(image('first'), { isForced: false })).toMatchObject({ from: { name: 'pc' }, faults: [] });

    expect(await pc!.run(untilGone)).toMatchObject({ code: 0 });
    expect(await line('pc').ask(queryStickNodes)).toEqual([]);
  });

  test('goes in and out 50 times, with data both ways, and leaves nothing behind', async () => {
    const [, two] = consoles;
    const descriptors = (): number => readdirSync(`/proc/${lab.pid('two.pid')}/fd`).length;
    let before = 0;
    for (let round = 0; round <= 50; round++) {
      const stick = await packed('round', { 'in.txt': `round ${round}` });
      expect(await actions.plug(await running('two'), stick)).toBe('done');
      const written = `head -c ${60_000 + round} /dev/urandom >/mnt/out.bin && md5sum </mnt/out.bin`;
      const { output, code } = await two!.run(`${mount} && cat /mnt/in.txt && echo && ${written} && umount /mnt`);
      expect([code, output.split('\n')[0]]).toEqual([0, `round ${round}`]);

      expect(await actions.pull(stick, { isForced: false })).toMatchObject({ faults: [] });
      const content = await unpacked(stick);
      expect(Object.keys(content).sort()).toEqual(['in.txt', 'out.bin']);
      expect(content['in.txt']!.toString()).toBe(`round ${round}`);
      expect(content['out.bin']).toHaveLength(60_000 + round);
      expect(output.split('\n')[1]).toContain(createHash('md5').update(content['out.bin']!).digest('hex'));
      await two!.run(untilGone);
      // What the first one brings along (the controller) stays.
      if (round === 0) before = descriptors();
    }

    expect(await line('two').ask(querySticks)).toEqual([]);
    expect(await line('two').ask(queryStickNodes)).toEqual([]);
    await expect.poll(descriptors).toBeLessThanOrEqual(before);
    expect(readdirSync(path.dirname(image('x'))).sort()).toEqual(['first.img', 'round.img']);
  });

  test.each([
    ['12', 4],
    ['16', 32],
  ])('with FAT%s and without partitions, as others make it, is read too', async (bits, size) => {
    const [, two] = consoles;
    const stick = image(`fat${bits}`);
    writeFileSync(stick, '');
    truncateSync(stick, size * 1_048_576);
    const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
    await promisify(execFile)('mkfs.vfat', ['-F', bits, stick], { env });
    await actions.plug(await running('two'), stick);
    const whole = 'until [ -b /dev/sd? ]; do usleep 20000; done; mount -t vfat /dev/sd? /mnt';
    const write = 'mkdir /mnt/d && head -c 300000 /dev/zero | tr "\\0" x >/mnt/d/A-long-name.txt && umount /mnt';
    expect(await two!.run(`${whole} && ${write}`)).toEqual({ code: 0, output: '' });

    expect(await actions.pull(stick, { isForced: false })).toMatchObject({ faults: [] });

    await maker.unpack(stick, path.join(lab.root, `fat${bits}`));
    const file = path.join(lab.root, `fat${bits}`, 'd/A-long-name.txt');
    expect(readFileSync(file, 'latin1')).toBe('x'.repeat(300_000));
    await two!.run('while [ -b /dev/sd? ]; do usleep 20000; done');
  });

  test('is not pulled out while the guest has it mounted, but by force, and that is told', async () => {
    const [, two] = consoles;
    const stick = await packed('held', { 'a.txt': 'a' });
    await actions.plug(await running('two'), stick);
    await two!.run(`${mount} && echo b >/mnt/b.txt && sync`);

    await expect(actions.pull(stick, { isForced: false })).rejects.toThrow(StickMounted);
    expect(await two!.run('cat /mnt/a.txt /mnt/b.txt')).toEqual({ code: 0, output: 'ab' });
    const pulled = await actions.pull(stick, { isForced: true });

    expect(pulled).toMatchObject({ faults: ['It was not unmounted: what was not written by then is missing.'] });
    expect(Object.keys(await unpacked(stick)).sort()).toEqual(['a.txt', 'b.txt']);
    await two!.run(`umount /mnt; ${untilGone}`);
  });

  test('is never in two VMs, nor changed or read while it is in one', async () => {
    const stick = await packed('one', { 'a.txt': 'a' });
    await actions.plug(await running('pc'), stick);

    expect(await actions.plug(await running('pc'), stick)).toBe('already');
    await expect(actions.plug(await running('two'), stick)).rejects.toThrow('is in VM pc of the lab usb.');
    // Also if nobody had looked before: QEMU locks it, and nothing of the try stays.
    await expect(plugStick(line('two'), stick)).rejects.toThrow(StickElsewhere);
    expect(await line('two').ask(queryStickNodes)).toEqual([]);
    await expect(maker.unpack(stick, path.join(lab.root, 'no'))).rejects.toThrow(StickElsewhere);
    await expect(packed('one', {})).rejects.toThrow(StickElsewhere);
    expect(existsSync(path.join(lab.root, 'no'))).toBe(false);
    expect(await actions.pull(stick, { isForced: false })).toMatchObject({ faults: [] });
  });

  test('cannot come into a machine that takes no controller, which says what to do', async () => {
    const stick = await packed('none', {});

    await expect(actions.plug(await running('odd'), stick)).rejects.toThrow(
      /odd has no USB controller.*"sticks: \[\]"/,
    );
    expect(await line('odd').ask(queryStickNodes)).toEqual([]);
  });

  test('at the terminal is plugged in, listed and pulled out', async () => {
    const stick = await packed('cli', { 'a.txt': 'a' });
    const kvmlab = (...words: readonly string[]): Promise<readonly [code: number, out: string]> =>
      new Promise(resolve => {
        const env = { ...process.env, KVMLAB_RUN_ROOT: lab.runRoot };
        const args = [path.resolve('dist/cli.js'), 'kvmstick', ...words];
        const child = execFile(process.execPath, args, { cwd: labFolder(), env }, (_, out, err) =>
          resolve([child.exitCode ?? -1, out + err]),
        );
      });
    const row = async (): Promise<unknown> => {
      const rows = JSON.parse((await kvmlab('list', '--json'))[1]) as readonly { readonly path: string }[];
      return rows.find(one => one.path === stick);
    };

    expect(await kvmlab('add', 'usb.lab.yaml', 'cli', 'two')).toEqual([0, `${stick} is in VM two of the lab usb.\n`]);
    expect((await kvmlab('add', 'cli', 'two'))[0]).toBe(3);
    expect(await kvmlab('add', 'cli', 'pc')).toEqual([3, expect.stringContaining('Pull it out there first')]);
    expect(await row()).toMatchObject({ fileSystem: 'FAT32', lab: 'usb', vm: 'two', isMounted: false });
    expect(await kvmlab('remove', 'cli')).toEqual([0, `${stick} was pulled out of VM two of the lab usb.\n`]);
    expect((await kvmlab('remove', 'cli'))[0]).toBe(3);
    expect(await row()).toMatchObject({ vm: null, isClean: true });
    expect(await kvmlab('check', 'cli')).toEqual([0, `${stick} has no faults.\n`]);
    expect((await kvmlab('unpack', 'cli', 'there'))[0]).toBe(0);
    expect(readFileSync(path.join(labFolder(), 'there/a.txt'), 'utf8')).toBe('a');
  });

  test('is free again when its VM was killed', async () => {
    const stick = await packed('orphan', { 'a.txt': 'a' });
    await actions.plug(await running('pc'), stick);

    await lab.kill('pc.pid');

    expect(await actions.pull(stick, { isForced: false })).toBe('already');
    expect(await actions.plug(await running('two'), stick)).toBe('done');
    expect(await consoles[1]!.run(`${mount} && cat /mnt/a.txt && umount /mnt`)).toEqual({ code: 0, output: 'a' });
    await actions.pull(stick, { isForced: false });
  });
});
