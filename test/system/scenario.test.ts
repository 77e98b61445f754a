import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { freeIds } from '../support/free-ids.ts';
import { ScriptLab } from '../support/script-lab.ts';

/** Locks, what was said, whose folder it is, and how switches were set up last. */
const staysThere = /^folder$|^switch-[^.]*\.rc$|\.(lock|log|marks)$/;
const cli = path.resolve('dist/cli.js');
const children: ChildProcess[] = [];
let lab: ScriptLab;
let file: string;
const wait = { timeout: 120_000, interval: 200 };

beforeEach(async () => {
  const [id] = await freeIds(1);
  const text = `name: storms
switches: { lan: {}, dmz: {} }
wires: [{ between: [lan, dmz], delay: 2ms }]
vms: { web: { id: ${id!}, memory: 16M, nics: [{ switch: lan }] } }
scenarios:
  storm:
    - { for: 60m, wire: lan-dmz, loss: 5% }
    - { for: 60m, wire: web/1, delay: 20ms }
    - { for: 60m, pause: web }
  outage:
    - { for: 500ms, random: 1s, kill: dmz }
  blackout:
    - { for: 60m, kill: lan }
`;
  lab = new ScriptLab(readLab(text).lab!);
  file = path.join(lab.folder, '..', 'storms.lab.yaml');
  writeFileSync(file, text);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  lab.dispose();
});

const env = () => ({ ...process.env, KVMLAB_RUN_ROOT: lab.runRoot, HOME: lab.root, KVMLAB_ACCEL: 'tcg' });

function kvmlab(...words: readonly string[]) {
  const run = spawnSync(process.execPath, [cli, ...words], { env: env(), encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

interface Going {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  /** What it has told so far, an event a line. */
  readonly said: () => string;
}

function begin(...words: readonly string[]): Going {
  const child = spawn(process.execPath, [cli, 'scenario', file, ...words], {
    env: env(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let text = '';
  child.stderr.on('data', (bytes: Buffer) => (text += bytes.toString()));
  return { child, ended: new Promise(resolve => child.once('close', resolve)), said: () => text };
}

interface ToldWire {
  readonly wire: string;
  readonly running: boolean;
  readonly faults: { readonly there: object; readonly back: object };
}

function faultsOf(...wire: readonly string[]): ToldWire | undefined {
  const { wires } = JSON.parse(kvmlab('wire', file, ...wire, '--json').out) as { readonly wires: readonly ToldWire[] };
  return wires[0];
}
const both = (faults: object) => ({ there: faults, back: faults });
const status = (): string => kvmlab('status', file).out;

test('faults come by their timetable, and all is as it was when it is over or called off', async () => {
  expect(kvmlab('scenario', file).out).toContain('wire lan-dmz: loss=5%');
  expect(kvmlab('scenario', file, 'strom')).toMatchObject({ code: 1, err: expect.stringContaining('storm') as string });

  // Nothing is begun in a lab that does not run.
  expect(kvmlab('scenario', file, 'storm')).toMatchObject({
    ...{ code: 1, err: expect.stringContaining('Wire lan-dmz does not run. Start it first.') as string },
  });
  expect(await lab.script('lab.sh', 'start')).toMatchObject({ code: 0 });
  const was = [faultsOf('lan', 'dmz'), faultsOf('web', '1')];
  expect(was[0]).toMatchObject({ running: true, faults: both({ delay: '2ms' }) });

  // Ctrl+C.
  const storm = begin('storm');
  await expect.poll(storm.said, wait).toContain('begun: VM web paused');
  expect(faultsOf('lan', 'dmz')).toMatchObject({ faults: both({ delay: '2ms', loss: '5%' }) });
  expect(faultsOf('web', '1')).toMatchObject({ faults: both({ delay: '20ms' }) });
  expect(status()).toMatch(/web.*paused/);
  storm.child.kill('SIGINT');
  expect(await storm.ended).toBe(1);
  expect([faultsOf('lan', 'dmz'), faultsOf('web', '1')]).toEqual(was);
  expect(status()).not.toContain('paused');
  // The wire of the NIC, which had no wirefilter, has none again.
  expect(lab.processes('wire-web+1')).toEqual([]);
  expect(kvmlab('portlist', 'storms/lan').out).toContain(' web NIC 1');

  // Over by itself: the switch is another process, with what the wire at it had.
  const [lan, dmz] = [lab.pid('switch-lan.pid'), lab.pid('switch-dmz.pid')];
  const outage = begin('outage', '--seed', '7');
  expect(await outage.ended).toBe(0);
  expect(outage.said()).toContain('begun: switch dmz killed');
  expect(lab.pid('switch-dmz.pid')).not.toBe(dmz);
  expect(lab.isAlive(lab.pid('switch-dmz.pid'))).toBe(true);
  await expect.poll(() => faultsOf('lan', 'dmz'), wait).toEqual(was[0]);

  // The end of the window that runs it.
  const window = spawn('sleep', ['1000']);
  children.push(window);
  const blackout = begin('blackout', '--until-exit', String(window.pid!));
  await expect.poll(blackout.said, wait).toContain('begun: switch lan killed');
  expect(lab.isAlive(lan)).toBe(false);
  window.kill('SIGKILL');
  expect(await blackout.ended).toBe(1);
  expect(lab.isAlive(lab.pid('switch-lan.pid'))).toBe(true);
  await expect.poll(() => faultsOf('lan', 'dmz'), wait).toEqual(was[0]);

  // Killed in the middle, when nothing can be put back: the next stop leaves nothing all the same.
  const crash = begin('storm');
  await expect.poll(crash.said, wait).toContain('begun: VM web paused');
  crash.child.kill('SIGKILL');
  const flap = spawn(process.execPath, [cli, 'link', file, 'web', '1', 'flap', '--for', '60m'], { env: env() });
  children.push(flap);
  await expect.poll(() => kvmlab('link', file, 'web', '1', '--json').out, wait).toContain('"guest": "down"');
  flap.kill('SIGKILL');
  const cut = begin('blackout');
  await expect.poll(cut.said, wait).toContain('begun: switch lan killed');
  cut.child.kill('SIGKILL');
  await Promise.all([crash.ended, cut.ended]);
  expect(await lab.script('lab.sh', 'stop')).toMatchObject({ code: 0 });
  expect([...lab.processes(), ...readdirSync(lab.run).filter(name => !staysThere.test(name))]).toEqual([]);
}, 400_000);
