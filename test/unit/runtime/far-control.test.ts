import { beforeEach, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { farThings } from '../../../extension/runtime/hosts/far-look.ts';
import { LabRunner } from '../../../extension/runtime/runner.ts';
import type { ReadyReport } from '../../../extension/runtime/readiness/readiness.ts';
import {
  UnreachableHost,
  type Destination,
  type RemoteHosts,
  type RemoteResult,
} from '../../../extension/runtime/remote-ports.ts';
import type { ThingRef } from '../../../extension/runtime/state.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { FakeFiles } from '../../support/fake-files.ts';

const path = '/labs/spread.lab.yaml';
const text = `
name: spread
hosts: { left: { run: /run/far, scripts: labs }, right: {} }
switches: { lan: {} }
vms:
  here: { id: 61, after: a, nics: [{ switch: lan }] }
  a: { id: 62, host: left, ready: agent, nics: [{ switch: lan }] }
  b: { id: 63, host: right, nics: [{ switch: lan }] }
`;

/** Hosts that answer to script and verb as told; everything has been copied there. */
class ScriptedHosts implements RemoteHosts {
  readonly orders: string[] = [];
  readonly answers: Record<string, Partial<RemoteResult>> = {};
  readonly down = new Set<string>();
  readonly sums = new Map<string, string>();

  run({ name }: Destination, words: readonly string[]): Promise<RemoteResult> {
    if (this.down.has(name)) return Promise.reject(new UnreachableHost(`Host ${name} cannot be reached. No route.`));
    const answer = (result: Partial<RemoteResult>) => Promise.resolve({ code: 0, output: '', errors: '', ...result });
    if (words[0] === 'sh') return answer({ output: '--\n' });
    if (words[0] !== 'env') return answer({});
    const order = `${name}: ${words.slice(1).join(' ')}`;
    if (!order.endsWith(' status')) this.orders.push(order);
    const key = `${name} ${words.at(-2)?.split('/').at(-1)} ${words.at(-1)}`;
    return answer(this.answers[key] ?? {});
  }

  connect = () => Promise.reject(new Error('nobody connects here'));
  forward = () => Promise.reject(new Error('nobody forwards here'));
  privateFolder = () => Promise.reject(new Error('no sockets here'));
  digest = (content: string) => content;
}

let hosts: ScriptedHosts;
let store: LabStore;
let runner: LabRunner;
let scripts: string[];

beforeEach(() => {
  hosts = new ScriptedHosts();
  store = new LabStore();
  scripts = [];
  const reading = readLab(text);
  store.setReading(path, reading);
  runner = new LabRunner({
    ...{ store, files: new FakeFiles(), remote: () => Promise.resolve(hosts) },
    scripts: {
      run: (script, words) => {
        scripts.push([script.split('/').at(-1), ...words].join(' '));
        return Promise.resolve({ code: 0, output: `${script} did ${words.join(' ')}` });
      },
    },
    readLab: () => Promise.resolve(reading),
    observe: () => Promise.resolve(),
    waitUntilReady: vms => Promise.resolve(vms.map((vm): ReadyReport => ({ vm, kind: 'ready', message: '' }))),
  });
});

const whole: ThingRef = { lab: path, kind: 'lab', name: 'spread' };
const vm = (name: string): ThingRef => ({ lab: path, kind: 'vm', name });
const runs = (name: string, pid: number): string => `${name} running, process ${pid}, serial console localhost:10062\n`;

test('each host starts its own VMs and its copy of a switch, and one comes after another across hosts', async () => {
  const outcomes = await runner.run('start', [whole]);

  expect(outcomes.filter(({ kind }) => kind !== 'done')).toEqual([]);
  expect(scripts.filter(line => !line.startsWith('wire-'))).toEqual(['switch-lan.sh start', 'here.sh start']);
  const left = 'left: KVMLAB_HOST=left KVMLAB_RUN_ROOT=/run/far labs/spread';
  const right = 'right: KVMLAB_HOST=right kvmlab/spread';
  expect([...hosts.orders].sort()).toEqual([
    `${left}/a.sh ready`,
    `${left}/a.sh start`,
    `${left}/switch-lan.sh start`,
    `${right}/b.sh start`,
    `${right}/switch-lan.sh start`,
  ]);
  expect(hosts.orders.at(-1)).toBe(`${left}/a.sh ready`);
});

test('what runs elsewhere is known after an order, by its host and its process there', async () => {
  hosts.answers['left lab.sh status'] = { output: `switch lan running, process 7, sockets in /x\n${runs('a', 12)}` };
  await runner.run('stop', [vm('b')]);

  expect(store.stateOf(vm('a'))).toEqual({ kind: 'running', pid: 0, far: { host: 'left', pid: 12 } });
  expect(store.stateOf({ lab: path, kind: 'switch', name: 'lan' })).toMatchObject({ far: { host: 'left', pid: 7 } });
  expect(store.stateOf(vm('b'))).toEqual({ kind: 'stopped' });
});

test('a VM is stopped where it runs, wherever the lab file has it', async () => {
  hosts.answers['right lab.sh status'] = { output: runs('a', 12) };
  await runner.run('stop', [vm('a'), vm('here')]);

  expect(hosts.orders).toEqual(['right: KVMLAB_HOST=right kvmlab/spread/a.sh stop']);
  expect(scripts).toEqual(['here.sh stop']);
});

test('a VM that runs elsewhere is not started where it belongs; what came along with it is stopped there too', async () => {
  hosts.answers['right lab.sh status'] = {
    output: `${runs('a', 12)}wire lan@left running, process 13\n`,
  };
  hosts.answers['left lab.sh status'] = { output: 'switch lan running, process 14, sockets in /x\n' };
  await runner.run('start', [vm('a')]);
  await runner.run('stop', [{ lab: path, kind: 'wire', name: 'lan@left' }]);

  expect(hosts.orders).toEqual([
    'right: KVMLAB_HOST=right kvmlab/spread/a.sh start',
    'right: KVMLAB_HOST=right kvmlab/spread/wire-lan@left.sh stop',
  ]);
  expect(scripts).toEqual(['wire-lan@left.sh stop']);
});

test('a host that is down, and what its scripts refuse, fails by its name; all else is done', async () => {
  hosts.down.add('left');
  hosts.answers['right b.sh start'] = { code: 1, errors: 'QEMU is missing.\nInstall it.\n' };
  const outcomes = await runner.run('start', [vm('a'), vm('b'), vm('here')]);
  const of = (name: string) => outcomes.find(({ thing }) => thing.name === name);

  expect(of('a')).toMatchObject({ kind: 'failed', message: 'Host left cannot be reached. No route.' });
  expect(of('b')).toMatchObject({ kind: 'failed', message: 'right: QEMU is missing.\nright: Install it.' });
  expect(of('here')?.kind).toBe('failed');
  expect(of('here')?.message).toContain('It comes after a');
});

test('a host without the scripts says how they come there', async () => {
  hosts.answers['left a.sh stop'] = { code: 127, errors: 'env: no such file' };

  expect(await runner.run('stop', [vm('a')])).toMatchObject([
    { kind: 'failed', message: 'Host left has no script a.sh. Copy it there: kvmlab deploy' },
  ]);
});

test('lines of a status that are no states are none', () => {
  const status = [
    'fw running, process 12, serial console localhost:10001',
    'switch running, process 13, serial console localhost:10002',
    'switch lan running, process 14, sockets in /run/x',
    'its uplink runs, process 15',
    'wire lan@left reconnecting, process 16: no route',
    'wire lan-dmz stopped',
    'web stopped',
  ];

  expect(farThings('left', status.join('\n'))).toEqual({
    vms: [
      { name: 'fw', pid: 0, id: 1, far: { host: 'left', pid: 12 } },
      { name: 'switch', pid: 0, id: 2, far: { host: 'left', pid: 13 } },
    ],
    switches: [{ name: 'lan', pid: 0, far: { host: 'left', pid: 14 } }],
    wires: [{ name: 'lan@left', pid: 0, far: { host: 'left', pid: 16 }, halted: 'reconnecting' }],
  });
});
