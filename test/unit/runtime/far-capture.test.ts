import { beforeEach, expect, test } from 'vitest';
import { disposable, type Disposable } from '../../../extension/base/disposable.ts';
import type { ConsoleLink } from '../../../extension/runtime/console-ports.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { listCaptures } from '../../../extension/runtime/capture/capture-list.ts';
import { captureOperands } from '../../../extension/runtime/capture/capture-operands.ts';
import { subjectOfRow } from '../../../extension/runtime/capture/capture-rows.ts';
import { findFarCapture } from '../../../extension/runtime/capture/far-capture.ts';
import { FarSwitch } from '../../../extension/runtime/capture/far-switch.ts';
import { UnreachableHost, type RemoteHosts } from '../../../extension/runtime/remote-ports.ts';
import type { RunState } from '../../../extension/runtime/state.ts';
import { switchNode } from '../../../extension/runtime/views/switch-rows.ts';
import { FakeLink } from '../../support/console-fakes.ts';
import { snapshotOf } from '../../support/lab-builder.ts';
import { labHost } from '../../support/lab-host.ts';

const lab = readLab(`
name: spread
hosts: { left: {}, right: {} }
switches: { lan: { ports: 15 }, dmz: { host: left } }
wires: [{ between: [lan, dmz] }]
vms:
  a: { id: 62, host: left, nics: [{ switch: lan }, { switch: dmz }] }
  b: { id: 63, host: right, nics: [{ switch: lan }] }
  bare: { id: 64, host: left }
`).lab!;
const at = (host: string, ...names: readonly string[]) => names.map(name => ({ name, pid: 0, far: { host, pid: 1 } }));
const things = {
  vms: [...at('left', 'a', 'bare'), ...at('right', 'b')],
  switches: [...at('left', 'lan', 'dmz'), ...at('right', 'lan')],
  wires: at('left', 'lan-dmz'),
};
const find = (text: string, place?: string) => findFarCapture(text, lab, things, place);
const portOf = (vm: string, nic: number): number | undefined =>
  lab.vms.find(({ name }) => name === vm)!.nics[nic - 1]!.port;

test('a NIC is captured at its port on the host where its VM runs', () => {
  expect(find('a:2')).toMatchObject({
    subject: { kind: 'nic', lab: 'spread', name: 'a', number: 2 },
    host: { name: 'left' },
    switch: 'dmz',
    port: portOf('a', 2),
  });
  expect(find('vm:spread/b')).toMatchObject({ host: { name: 'right' }, switch: 'lan', port: portOf('b', 1) });
  expect(findFarCapture('a:1', lab, { ...things, vms: at('right', 'a') }, undefined)?.host.name).toBe('right');
});

test('a switch, a port and a wire are captured where they are', () => {
  expect(find('dmz')).toMatchObject({
    subject: { kind: 'switch', number: 0 },
    host: { name: 'left' },
    port: undefined,
  });
  expect(find('dmz')?.port).toBeUndefined();
  expect(find('lan:3', 'right')).toMatchObject({
    subject: { kind: 'port', number: 3 },
    host: { name: 'right' },
    port: 3,
  });
  expect(find('lan-dmz')).toMatchObject({
    subject: { kind: 'wire', number: 0 },
    switch: 'lan',
    host: { name: 'left' },
  });
});

test.each([
  ['lan', /on several hosts: left, right\. Say which: --host left/],
  ['dmz:99', /Switch dmz has the ports 1 to \d+/],
  ['a', /Which NIC of a\? It has: a:1, a:2/],
  ['a:3', /a has no NIC 3\. It has: a:1, a:2/],
  ['bare', /bare has no NIC/],
])('%s leaves a doubt, and that is said', (text, words) => {
  expect(() => find(text)).toThrow(words);
});

test('what does not run there is not found', () => {
  expect([find('gone'), find('b', 'left'), find('other/b'), find('switch:a')]).toEqual(Array(4).fill(undefined));
});

/** A way to a socket, that the test can break. */
let ways: number;
let isBroken: boolean;
let isDown: boolean;

const remote: RemoteHosts = {
  run: (_host, words) => Promise.resolve({ code: 0, output: `/run/far ${words.at(-1) ?? ''}\n`, errors: '' }),
  connect: () => Promise.reject(new Error('nobody connects here')),
  forward: (): Promise<Disposable> => {
    if (isDown) return Promise.reject(new UnreachableHost('Host left cannot be reached.'));
    ways += 1;
    isBroken = false;
    return Promise.resolve(disposable(() => (ways -= 1)));
  },
  privateFolder: () => Promise.resolve({ path: '/tmp/own', ...disposable(() => undefined) }),
  digest: text => text,
};
const sockets = {
  open: (): Promise<ConsoleLink> =>
    isBroken ? Promise.reject(new Error('connect ECONNREFUSED')) : Promise.resolve(new FakeLink()),
};

beforeEach(() => {
  [ways, isBroken, isDown] = [0, true, false];
});

test('the way to a switch is made when it is needed, once, anew when it breaks, and ends with it', async () => {
  const asked: string[] = [];
  const management = {
    ask: (socket: string) => Promise.resolve([String(asked.push(socket))]),
    exchange: () => Promise.reject(new Error('not asked for')),
    listen: () => disposable(() => undefined),
  };
  const signal = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };
  const far = await FarSwitch.reach({ remote, sockets, management, signal }, labHost('left'), 'spread', 'lan');
  expect([ways, far.socket, far.identity]).toEqual([0, '/tmp/own/switch.mgmt', 'left:/run/far spread/switch-lan.mgmt']);

  await Promise.all([far.sockets.open(far.socket), far.management.ask(far.socket, ['port/print'])]);
  expect([ways, asked]).toEqual([1, ['/tmp/own/switch.mgmt']]);

  [isBroken, isDown] = [true, true];
  await expect(far.sockets.open(far.socket)).rejects.toThrow('Host left cannot be reached.');
  expect(ways).toBe(0);
  isDown = false;
  await far.sockets.open(far.socket);
  expect(ways).toBe(1);

  far.dispose();
  expect(ways).toBe(0);
});

test('VS Code names the lab file and the host of what runs elsewhere, and offers it', () => {
  const path = '/labs/spread.lab.yaml';
  const far = (host: string): RunState => ({ kind: 'running', pid: 0, far: { host, pid: 1 } });
  const snapshot = snapshotOf(lab, { a: far('left'), 'switch lan': far('right') }, [], path);

  expect(captureOperands('vm:spread/a:2', [snapshot])).toEqual([path, 'vm:spread/a:2', '--host', 'left']);
  expect(captureOperands('switch:spread/lan:3', [snapshot])).toEqual([path, 'switch:spread/lan:3', '--host', 'right']);
  expect(captureOperands('vm:spread/b:1', [snapshot])).toEqual(['vm:spread/b:1']);
  expect(captureOperands('vm:a:2', [snapshot])).toEqual(['vm:a:2']);
  const items = listCaptures([snapshot], { vms: [], switches: [], wires: [] });
  expect(items.map(({ label, description }) => `${label} · ${description}`)).toEqual([
    'NIC 1 of a · lab spread · on switch lan of left',
    'NIC 2 of a · lab spread · on switch dmz of left',
    'switch lan · lab spread · on right',
  ]);
  const row = switchNode(
    snapshot,
    lab.switches.find(({ name }) => name === 'lan')!,
    [],
  );
  expect(subjectOfRow(row, { labName: () => 'spread', switchOf: () => undefined })).toMatchObject({ kind: 'switch' });
});
