import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SocketManagementDialer } from '../../extension/host/management-dialer.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import type { MeasuredWire } from '../../extension/runtime/wires/measure-wire.ts';
import { parsePorts } from '../../extension/vde/port-table.ts';
import { readShowinfo } from '../../extension/vde/wirefilter.ts';
import { FramePlug } from '../support/frame-plug.ts';
import { freeIds } from '../support/free-ids.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { until } from '../support/vscode/until.ts';

let lab: ScriptLab;
const plugs: FramePlug[] = [];
const lostPlug = fileURLToPath(new URL('../support/lost-plug.pl', import.meta.url));
let dialer = new SocketManagementDialer();

afterEach(() => {
  for (const plug of plugs.splice(0)) plug.dispose();
  dialer.dispose();
  dialer = new SocketManagementDialer();
  lab.dispose();
});

const switches = 'name: wires\nswitches: { lan: {}, dmz: {} }\n';

function open(text: string): void {
  lab = new ScriptLab(readLab(switches + text, { fileName: 'wires.lab.yaml' }).lab!);
}

const ask = async (file: string, command: string): Promise<string> =>
  (await dialer.ask(path.join(lab.run, file), [command]))[0] ?? '';
const info = async (wire = 'lan-dmz') => readShowinfo(await ask(`wire-${wire}.mgmt`, 'showinfo'));
const run = (script: string, ...words: readonly string[]) => lab.script(`${script}.sh`, ...words);

/** Frames come through, in the end, from a port of one switch to one of the other. */
async function carries(from: string, to: string): Promise<void> {
  const [one, other] = [from, to].map((at, number) => new FramePlug(path.join(lab.run, `switch-${at}`), number + 1));
  plugs.push(one!, other!);
  await until(`a frame from ${from} at ${to}`, () => {
    one!.broadcast('over the wire');
    return Promise.resolve(other!.received.length > 0);
  });
}

/** What holds a port: `wire-lan-dmz`, `QEMU`, or nothing. */
const holders = async (name: string): Promise<readonly string[]> =>
  parsePorts(await ask(`switch-${name}.mgmt`, 'port/print')).flatMap(port =>
    port.endpoints.map(one => one.description),
  );

/** Files of the run-time folder that are there for a wire while it is there; locks stay. */
const wireFiles = (): readonly string[] =>
  readdirSync(lab.run).filter(name => name.startsWith('wire-') && !name.endsWith('.lock'));

describe('a wire between switches', () => {
  const bad = 'wires: [{ between: [lan, dmz], delay: 2ms, there: { jitter: 1ms normal }, back: { duplicate: 1% } }]\n';

  test('has the faults of its lab, and ends whole, however it ends', async () => {
    open(bad);
    expect(await run('lab', 'start')).toMatchObject({ code: 0 });
    const faults = { there: { delay: { value: 2 }, jitter: { value: 1, isNormal: true } } };
    expect(await info()).toMatchObject({ ...faults, back: { delay: { value: 2 }, duplicate: { value: 1 } } });
    await carries('lan', 'dmz');
    await carries('dmz', 'lan');
    expect(await run('wire-lan-dmz', 'start')).toMatchObject({ code: 3 });
    expect((await run('wire-lan-dmz', 'status')).output).toContain('with a wirefilter');

    const pid = lab.pid('wire-lan-dmz.pid');
    process.kill(pid, 'SIGKILL');
    await until('all three to be gone', () => Promise.resolve(lab.processes('wire-lan-dmz').length === 0));
    expect(await run('wire-lan-dmz', 'status')).toMatchObject({ code: 3 });
    expect(existsSync(path.join(lab.run, 'wire-lan-dmz.mgmt'))).toBe(true);
    expect(await run('wire-lan-dmz', 'start')).toMatchObject({ code: 0 });
    await carries('lan', 'dmz');

    expect(await run('wire-lan-dmz', 'stop')).toMatchObject({ code: 0 });
    expect(wireFiles()).toEqual([]);
    expect((await holders('lan')).filter(one => one.startsWith('wire-'))).toEqual([]);
    expect(await run('lab', 'stop')).toMatchObject({ code: 0 });
    await expect.poll(() => lab.processes()).toEqual([]);
  });

  test('comes back with its switch as it was last, and starts anew as its script says', async () => {
    open(bad);
    expect(await run('lab', 'start')).toMatchObject({ code: 0 });
    await ask('wire-lan-dmz.mgmt', 'delay 7[0]');
    // As whoever changes it does.
    const orders = path.join(lab.run, 'wire-lan-dmz.rc');
    expect(readFileSync(orders, 'utf8').split('\n')).toContain('delay LR2+1N');
    writeFileSync(orders, 'delay 7\n');

    await lab.kill('switch-dmz.pid');
    await until('the wire to end with its switch', () => Promise.resolve(lab.processes('wire-lan-dmz').length === 0));
    expect(await run('switch-dmz', 'start')).toMatchObject({ code: 0 });
    expect((await info())?.there).toEqual({ delay: { value: 7 } });
    await carries('dmz', 'lan');

    await run('wire-lan-dmz', 'stop');
    expect(await run('wire-lan-dmz', 'start', 'DELAY=LR3 RL4', 'REORDER=yes')).toMatchObject({ code: 0 });
    expect(await info()).toMatchObject({
      there: { delay: { value: 3 } },
      back: { delay: { value: 4 } },
      reorder: true,
    });
  });

  test('gets a wirefilter while it is there, and keeps it until it is taken out', async () => {
    open('wires: [{ between: [lan, dmz] }]\n');
    expect(await run('wire-lan-dmz', 'filter')).toMatchObject({ code: 1 });
    expect(await run('lab', 'start')).toMatchObject({ code: 0 });
    const before = lab.pid('wire-lan-dmz.pid');

    expect(await run('wire-lan-dmz', 'filter')).toMatchObject({ code: 0 });
    expect(await run('wire-lan-dmz', 'filter')).toMatchObject({ code: 3 });

    expect(lab.isAlive(before)).toBe(false);
    expect(await info()).toMatchObject({ there: {}, back: {} });
    expect(await run('wire-lan-dmz', 'start')).toMatchObject({ code: 3 });
    await carries('lan', 'dmz');

    expect(await run('wire-lan-dmz', 'plain')).toMatchObject({ code: 0 });
    expect(await run('wire-lan-dmz', 'plain')).toMatchObject({ code: 3 });
    expect(wireFiles()).toEqual(['wire-lan-dmz.pid']);
    await carries('dmz', 'lan');
    expect(await run('lab', 'stop')).toMatchObject({ code: 0 });
    await expect.poll(() => [...wireFiles(), ...lab.processes()]).toEqual([]);
  });

  test('loses what is too much for it, and goes on, when both ends flood it', async () => {
    open('wires: [{ between: [lan, dmz], delay: 50ms }]\n');
    expect(await run('lab', 'start')).toMatchObject({ code: 0 });
    const both = ['lan', 'dmz'].map((at, number) => new FramePlug(path.join(lab.run, `switch-${at}`), number + 1));
    plugs.push(...both);
    for (let sent = 0; sent < 30_000;) {
      for (const plug of both)
        for (let count = 0; count < 60 && plug.waiting < 300_000; count++, sent++) plug.broadcast('flood', 1400);
      await delay(1);
    }

    expect(await info()).toMatchObject({ there: { delay: { value: 50 } } });
    await until('all of it to be taken', () => Promise.resolve(both.every(plug => plug.waiting === 0)));
    await carries('lan', 'dmz');
    await carries('dmz', 'lan');
    expect(both.every(plug => plug.received.length > 0)).toBe(true);
  });

  test('is plugged in where the switch keeps a plug of a process that is gone', async () => {
    open('wires: [{ between: [lan, dmz] }]\n');
    expect(await run('lab', 'start')).toMatchObject({ code: 0 });
    expect(await run('wire-lan-dmz', 'stop')).toMatchObject({ code: 0 });
    const port = lab.lab.wires[0]!.ends[0].port;
    const socket = path.join(lab.run, 'switch-lan');
    const words = [socket, `${socket}.mgmt`, lab.pid('switch-lan.pid'), port, 'wire-lan-dmz'].map(String);
    expect(spawnSync('perl', [lostPlug, ...words], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    expect(await holders('lan')).toEqual([expect.stringMatching(/^wire-lan-dmz .*pid=\d+$/)]);

    expect(await run('wire-lan-dmz', 'start')).toMatchObject({ code: 0 });
    await carries('lan', 'dmz');
    expect(await run('wire-lan-dmz', 'filter')).toMatchObject({ code: 0 });
    await carries('dmz', 'lan');
    expect(await run('lab', 'stop')).toMatchObject({ code: 0 });
    await expect.poll(() => [...wireFiles(), ...lab.processes()]).toEqual([]);
  });

  test('is as it was when it cannot get a wirefilter', async () => {
    open('wires: [{ between: [lan, dmz] }]\n');
    expect(await run('lab', 'start')).toMatchObject({ code: 0 });
    // A folder is in the way of the wirefilter's socket.
    mkdirSync(path.join(lab.run, 'wire-lan-dmz.mgmt', 'full'), { recursive: true });

    expect(await run('wire-lan-dmz', 'filter')).toMatchObject({ code: 1 });
    await carries('lan', 'dmz');
    expect(await run('wire-lan-dmz', 'status')).toMatchObject({ code: 0 });
  });

  test('says which switch does not answer when it is to get a wirefilter', async () => {
    open('wires: [{ between: [lan, dmz] }]\n');
    expect(await run('lab', 'start')).toMatchObject({ code: 0 });
    const pid = lab.pid('switch-dmz.pid');
    process.kill(pid, 'SIGSTOP');

    const { code, output } = await run('wire-lan-dmz', 'filter');
    process.kill(pid, 'SIGCONT');

    expect(code).toBe(1);
    expect(output).toContain(`Switch dmz does not answer on ${lab.run}/switch-dmz.mgmt.`);
    expect(await run('wire-lan-dmz', 'start')).toMatchObject({ code: 0 });
    await carries('lan', 'dmz');
  });

  test.each([
    ['DELAY=20ms', /delay '20ms' is nothing that wirefilter understands/],
    ['LOSS=abc', /loss 'abc'/],
    ['DUPLICATE=LR100', /would copy packets for ever/],
    ['NOISE=501', /could keep wirefilter busy/],
  ])('does not start with %s', async (setting, words) => {
    open(bad);
    const { code, output } = await run('wire-lan-dmz', 'start', setting);

    expect(code).toBe(1);
    expect(output).toMatch(words);
    expect(lab.processes('wire-lan-dmz')).toEqual([]);
  });

  test('leaves another wirefilter on its management socket alone, and says so', async () => {
    open(bad);
    expect(await run('switch-lan', 'start')).toMatchObject({ code: 0 });
    const socket = path.join(lab.run, 'wire-lan-dmz.mgmt');
    const other = spawn('wirefilter', ['-v', `${lab.run}/switch-lan:null://`, '-M', socket]);
    try {
      await until('the other wirefilter', () => info().then(Boolean, () => false));
      const { code, output } = await run('wire-lan-dmz', 'start');

      expect(code).toBe(1);
      expect(output).toContain('Another wirefilter answers');
      expect(await info()).toMatchObject({ there: {} });
    } finally {
      other.kill('SIGKILL');
    }
    await until('it to be gone', () => Promise.resolve(lab.processes('wire-lan-dmz').length === 0));
    expect(await run('wire-lan-dmz', 'start')).toMatchObject({ code: 0 });
    expect(await info()).toMatchObject({ there: { delay: { value: 2 } } });
  });
});

describe('kvmlab wire', () => {
  const cli = path.resolve('dist/cli.js');
  const bad = 'wires: [{ between: [lan, dmz], loss: 5% }] # mine\n';
  let file: string;

  function kvmlab(...words: readonly string[]) {
    const env = { ...process.env, KVMLAB_RUN_ROOT: lab.runRoot, HOME: lab.root };
    const run = spawnSync(process.execPath, [cli, ...words], { env, encoding: 'utf8' });
    return { code: run.status, out: run.stdout, err: run.stderr };
  }
  const wires = (...words: readonly string[]): unknown => {
    const { out } = kvmlab('wire', file, ...words, '--json');
    return (JSON.parse(out) as { readonly wires: readonly unknown[] }).wires[0];
  };
  beforeEach(async () => {
    open(bad);
    file = path.join(lab.folder, '..', 'wires.lab.yaml');
    writeFileSync(file, switches + bad);
    expect(await run('lab', 'start')).toMatchObject({ code: 0 });
  });

  test('changes one thing and keeps the others, also over a restart of a switch, and writes it into the file', async () => {
    expect(kvmlab('wire', file, 'lan', 'dmz', 'delay=20ms')).toMatchObject({ code: 0 });
    expect(kvmlab('wire', file, 'dmz', 'lan', 'back.jitter=3ms normal')).toMatchObject({ code: 0 });

    const faults = {
      there: { delay: '20ms', loss: '5%' },
      back: { delay: '20ms', jitter: '3ms normal', loss: '5%' },
    };
    expect(wires('lan', 'dmz')).toMatchObject({ running: true, faults });
    await lab.kill('switch-lan.pid');
    expect(await run('switch-lan', 'start')).toMatchObject({ code: 0 });
    expect(wires('lan-dmz')).toMatchObject({ running: true, faults });
    expect(kvmlab('wire', file, 'lan', 'dmz', '--write')).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(
      `${switches}wires: [{ between: [lan, dmz], loss: 5%, delay: 20ms, back: { jitter: 3ms normal } }] # mine\n`,
    );
    expect(kvmlab('plan', file)).toMatchObject({ code: 3 });
  });

  test('measures, resets, and applies what the file says', () => {
    expect(kvmlab('wire', file, 'lan', 'dmz', 'reset', 'there.delay=120ms')).toMatchObject({ code: 0 });

    const { code, out } = kvmlab('wire', file, 'lan', 'dmz', '--measure', '--count', '20', '--json');
    expect(code).toBe(0);
    const { measured } = JSON.parse(out) as { readonly measured: MeasuredWire };
    expect(measured).toMatchObject({ there: { sent: 20, received: 20 }, back: { sent: 20, received: 20 } });
    expect(measured.there.delay!.least).toBeGreaterThan(119);
    expect(kvmlab('portlist', 'wires/lan').out).not.toContain('measures');
    expect(kvmlab('plan', file).out).toContain('wire lan-dmz');
    expect(kvmlab('apply', file)).toMatchObject({ code: 0 });
    expect(wires('lan', 'dmz')).toMatchObject({ faults: { there: { loss: '5%' }, back: { loss: '5%' } } });
  });
});

describe('a wire between a NIC and its switch', () => {
  const vm = (id: number, keys: string): string =>
    `vms: { a: { id: ${id}, memory: 16M, extra: [-S], nics: [{ switch: lan${keys} }, { switch: dmz }] } }\n`;

  test('is there as long as the VM, heals, and leaves nothing behind', async () => {
    const [id] = await freeIds(1);
    open(vm(id!, ', wire: { delay: 30ms }'));
    expect(await run('a', 'start')).toMatchObject({ code: 0 });
    expect(await info('a+1')).toMatchObject({ there: { delay: { value: 30 } }, back: { delay: { value: 30 } } });
    expect(await holders('lan')).toEqual([expect.stringContaining('wire-a+1')]);
    expect(await holders('dmz')).toEqual([expect.stringContaining('QEMU')]);

    await lab.kill('wire-a+1.pid');
    expect((await run('a', 'status')).output).toContain('NIC 1 is not plugged in');
    expect(await run('a', 'start')).toMatchObject({ code: 3 });
    expect((await run('a', 'status')).output).not.toContain('not plugged in');
    expect(await info('a+1')).toMatchObject({ there: { delay: { value: 30 } } });

    await lab.kill('switch-lan.pid');
    expect(await run('switch-lan', 'start')).toMatchObject({ code: 0 });
    expect(await holders('lan')).toEqual([expect.stringContaining('wire-a+1')]);

    await lab.kill('a.pid');
    await until('the wire to end with its VM', () => Promise.resolve(lab.processes('wire-a+1').length === 0));
    expect(await run('a', 'stop')).toMatchObject({ code: 3 });
    expect(wireFiles()).toEqual([]);
    expect(await run('a', 'start')).toMatchObject({ code: 0 });
    expect(await run('a', 'kill')).toMatchObject({ code: 0 });
    await expect.poll(() => [...wireFiles(), ...lab.processes('wire-a+1')]).toEqual([]);
  });

  test('gets a wirefilter while the VM runs, and loses it', async () => {
    const [id] = await freeIds(1);
    open(vm(id!, ''));
    expect(await run('a', 'start')).toMatchObject({ code: 0 });
    const pid = lab.pid('a.pid');

    expect(await run('a', 'filter-1')).toMatchObject({ code: 0 });
    expect(await run('a', 'filter-1')).toMatchObject({ code: 3 });
    expect(await run('a', 'filter-3')).toMatchObject({ code: 1 });

    expect(await holders('lan')).toEqual([expect.stringContaining('wire-a+1')]);
    expect(await info('a+1')).toMatchObject({ there: {}, back: {} });
    expect(await run('a', 'plain-1')).toMatchObject({ code: 0 });
    expect(await run('a', 'plain-1')).toMatchObject({ code: 3 });
    expect(await holders('lan')).toEqual([expect.stringContaining('QEMU')]);
    expect(wireFiles()).toEqual([]);
    expect(await run('a', 'filter-1')).toMatchObject({ code: 0 });
    expect(lab.pid('a.pid')).toBe(pid);
    await lab.kill('switch-lan.pid');
    expect(await run('switch-lan', 'start')).toMatchObject({ code: 0 });
    expect(await info('a+1')).toMatchObject({ there: {} });
    expect(await run('lab', 'kill')).toMatchObject({ code: 0 });
    await expect.poll(() => [...wireFiles(), ...lab.processes()]).toEqual([]);
  });
});
