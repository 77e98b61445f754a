import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { canCluster, clusterNodes, TestCluster, type ClusterNode } from '../support/cluster.ts';
import { freeIds } from '../support/free-ids.ts';
import { commandLine, processesThatMention } from '../support/own-processes.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { until } from '../support/vscode/until.ts';

/** A cluster takes its time, and this machine may be busy. */
const patiently = { timeout: 180_000 };
const command = path.resolve(import.meta.dirname, '../../dist/cli.js');

// Left out where Pacemaker is not installed (see tools/programs.mjs), and without root, which namespaces need.
describe.skipIf(!canCluster)('a cluster of two nodes', () => {
  const cluster = new TestCluster();
  const vms = ['fw', 'web'] as const;

  /** VMs on a switch; each has a disk that both nodes see. */
  beforeAll(async () => {
    for (const folder of ['labs', 'labs/locks']) mkdirSync(cluster.file(folder));
    symlinkSync(await tinyGuestDir(), cluster.file('labs/guest'));
    writeFileSync(cluster.file('labs/dmz.lab.yaml'), labText(cluster.file('labs'), await freeIds(vms.length)));
    await cluster.start();
    kvmlab('left', 'script');
  });

  afterAll(() => cluster.dispose());

  const kvmlab = (at: ClusterNode, verb: string, ...words: readonly string[]): string =>
    cluster.must(at, [process.execPath, command, ...verb.split(' '), cluster.file('labs/dmz.lab.yaml'), ...words]);

  /** Waits until a VM at a node hears another one. */
  const hears = async (at: ClusterNode, vm: string, address: string): Promise<void> => {
    const ping = [cluster.file('labs/dmz.lab.yaml'), vm, '--', 'ping', '-c', '1', '-W', '2', address];
    const words = ['env', 'KVMLAB_RUN_ROOT=/run/kvmlab', process.execPath, command, 'run', ...ping];
    await expect.poll(() => cluster.at(at, words).output, patiently).toContain('1 packets received');
  };

  interface Status {
    readonly fencing: boolean;
    readonly vms: readonly { readonly vm: string; readonly state: string; readonly nodes: readonly string[] }[];
    readonly fencings: readonly { readonly target: string; readonly outcome: string }[];
  }
  const status = (at: ClusterNode): Status => JSON.parse(kvmlab(at, 'ha status', '--json')) as Status;
  const fencings = (at: ClusterNode): readonly string[] =>
    status(at).fencings.map(({ target, outcome }) => `${target}: ${outcome}`);
  const places = (at: ClusterNode): Record<string, string> =>
    Object.fromEntries(status(at).vms.map(({ vm, state, nodes }) => [vm, `${state} on ${nodes.join(', ')}`]));

  /** Where QEMU has the disk of a VM open: namespaces of processes, of which each node has one. */
  const runsIn = (vm: string): readonly string[] => [
    ...new Set(
      processesThatMention(cluster.file(`labs/${vm}.qcow2`))
        .filter(pid => commandLine(pid).startsWith('qemu-system'))
        .flatMap(pid => namespaceOf(pid)),
    ),
  ];
  const namespaceOf = (pid: number): readonly string[] => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/pid`)];
    } catch {
      return [];
    }
  };

  /** Looks all the time, as a process of its own; gives the VMs that were seen on two nodes at once, and how often it looked. */
  const watchForDoubles = (): (() => Promise<{ readonly doubles: readonly string[]; readonly looks: number }>) => {
    const child = spawn(process.execPath, ['-e', doublesWatch, cluster.file('labs'), ...vms], { stdio: 'pipe' });
    onTestFinished(() => void child.kill('SIGKILL'));
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    return async () => {
      const closed = once(child, 'close');
      child.stdin.end();
      await closed;
      return JSON.parse(printed) as { doubles: string[]; looks: number };
    };
  };
  const expectNoDoubles = async (end: ReturnType<typeof watchForDoubles>): Promise<void> => {
    const { doubles, looks } = await end();
    expect(doubles).toEqual([]);
    expect(looks).toBeGreaterThan(20);
  };

  test('gets its agent from one node, over ssh, and Pacemaker finds it', () => {
    const install = (...words: readonly string[]): string =>
      cluster.at('left', [process.execPath, command, 'ha', 'install', cluster.file('labs/dmz.lab.yaml'), ...words])
        .output;

    expect(install('right')).toContain(`ssh -t right 'sudo install -D -m 755 ${cluster.file('labs')}/ocf-kvmlab-vm`);
    expect(install('right', '--sudo')).toBe('host right: installed; Pacemaker finds it.\n');
    // The folder of agents is one for both nodes.
    expect(install()).toMatch(/^host left: Pacemaker finds the agent.*\nhost right: Pacemaker finds the agent/);
  });

  test('runs what kvmlab shows and applies, each VM on its own host', async () => {
    expect(
      cluster.at('left', [process.execPath, command, 'ha', 'apply', cluster.file('labs/dmz.lab.yaml')]),
    ).toMatchObject({
      code: 3,
      output: expect.stringContaining('+<primitive class="ocf" description="VM fw of the lab dmz"') as unknown,
    });
    kvmlab('left', 'ha apply', '--yes');

    await expect.poll(() => places('right'), patiently).toEqual({ fw: 'started on left', web: 'started on right' });
    expect(status('left')).toMatchObject({ fencing: true, fencings: [] });
    expect(cluster.at('right', [process.execPath, command, 'ha', 'diff', cluster.file('labs/dmz.lab.yaml')]).code).toBe(
      3,
    );
    expect(kvmlab('left', 'ha simulate', '--dies', 'left')).toContain('fw would be started on right');
    for (const vm of vms) expect(runsIn(vm)).toHaveLength(1);
    expect(kvmlab('left', 'ha status', '--host', 'right')).toMatch(/^fw +started +left/m);
    // Each is on the switch of its own host; the two switches are one network.
    await hears('right', 'web', '10.9.0.1');
  });

  test('moves a VM live, when it is told to', async () => {
    cluster.must('left', ['crm_resource', '--move', '--resource', 'kvmlab.dmz.fw', '--node', 'right']);

    await expect.poll(() => places('left'), patiently).toEqual({ fw: 'started on right', web: 'started on right' });
    const log = readFileSync(cluster.file('left/pacemaker.log'), 'utf8');
    expect(log).toMatch(/Result of migrate_to operation for kvmlab.dmz.fw on left: ok/);
    await hears('right', 'fw', '10.9.0.2');
    cluster.must('left', ['crm_resource', '--clear', '--resource', 'kvmlab.dmz.fw']);
  });

  test('never runs a VM twice when the network between the nodes is cut', async () => {
    const end = watchForDoubles();
    cluster.wire('down');

    await until('one of the two to be fenced', () => Promise.resolve(cluster.cuts.length > 0), { timeoutMs: 180_000 });
    const [fenced] = cluster.cuts;
    const survivor = clusterNodes.find(name => name !== fenced)!;
    const all = { fw: `started on ${survivor}`, web: `started on ${survivor}` };
    await expect.poll(() => places(survivor), patiently).toEqual(all);

    for (const vm of vms) expect(runsIn(vm)).toHaveLength(1);
    cluster.wire('up');
    await cluster.boot(fenced!);
    await cluster.bothOnline(survivor);
    await expect.poll(() => places(survivor), patiently).toEqual(all);
    await expectNoDoubles(end);
  });

  test('starts the VMs of a node that lost its power on the other, within a minute after it was fenced', async () => {
    const end = watchForDoubles();
    const [dead, other] = cluster.cuts.at(-1) === 'left' ? (['right', 'left'] as const) : (['left', 'right'] as const);
    cluster.cut(dead);

    await expect.poll(() => fencings(other), patiently).toContain(`${dead}: success`);
    await expect
      .poll(() => places(other), { timeout: 60_000 })
      .toEqual({ fw: `started on ${other}`, web: `started on ${other}` });

    const [script, runRoot] = [cluster.file('labs/dmz/fw.sh'), 'RUN_ROOT=/run/kvmlab'];
    expect(cluster.must(other, [script, runRoot, 'lock-tell'])).toMatch(
      new RegExp(`^ours state=running host=${other} `),
    );
    await hears(other, 'web', '10.9.0.1');
    await expectNoDoubles(end);
    for (const vm of vms) expect(runsIn(vm)).toHaveLength(1);
  });
});

const labText = (folder: string, [fw, web]: readonly number[]): string => `name: dmz
locks: ${folder}/locks
hosts:
  left: { run: /run/kvmlab, scripts: ${folder}, shared: [${folder}] }
  right: { run: /run/kvmlab, scripts: ${folder}, shared: [${folder}] }
defaults: { memory: 96M, accel: tcg }
switches: { lan: {} }
vms:
  fw:
    { id: ${fw}, host: left, guest: tiny, disks: [{ file: ${folder}/fw.qcow2, size: 1G }], nics: [{ switch: lan, address: 10.9.0.1/24 }] }
  web:
    { id: ${web}, host: right, guest: tiny, after: fw, disks: [{ file: ${folder}/web.qcow2, size: 1G }], nics: [{ switch: lan, address: 10.9.0.2/24 }] }
`;

/** Until its input ends. Each node has a namespace of processes of its own. */
const doublesWatch = `
const { readdirSync, readFileSync, readlinkSync } = require('node:fs');
const [folder, ...vms] = process.argv.slice(1);
const read = what => { try { return what(); } catch { return ''; } };
const doubles = new Set();
let looks = 0;
setInterval(() => {
  looks += 1;
  const lines = readdirSync('/proc').filter(name => /^[0-9]+$/.test(name))
    .map(pid => [pid, read(() => readFileSync('/proc/' + pid + '/cmdline', 'utf8'))])
    .filter(([, line]) => line.startsWith('qemu-system'));
  for (const vm of vms) {
    const places = lines.filter(([, line]) => line.includes(folder + '/' + vm + '.qcow2'))
      .map(([pid]) => read(() => readlinkSync('/proc/' + pid + '/ns/pid'))).filter(place => place !== '');
    if (new Set(places).size > 1) doubles.add(vm);
  }
}, 20);
process.stdin.on('end', () => { console.log(JSON.stringify({ doubles: [...doubles], looks })); process.exit(); }).resume();
`;
