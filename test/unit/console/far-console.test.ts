import { beforeEach, expect, test } from 'vitest';
import type { ConsoleDialer } from '../../../extension/runtime/console-ports.ts';
import { consoleOfVm } from '../../../extension/runtime/console/console-lookup.ts';
import { ConsoleSession, type ConsoleState } from '../../../extension/runtime/console/console-session.ts';
import { consoleNews } from '../../../extension/runtime/console/console-target.ts';
import { targetAddress } from '../../../extension/runtime/console/terminal-target.ts';
import { DisplaySession } from '../../../extension/runtime/display/display-session.ts';
import { displayNews } from '../../../extension/runtime/display/display-target.ts';
import { UnreachableHost } from '../../../extension/runtime/remote-ports.ts';
import { processKey, type RunState } from '../../../extension/runtime/state.ts';
import { FakeDialer, settle } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { lab, snapshotOf, vm } from '../../support/lab-builder.ts';
import { labHost } from '../../support/lab-host.ts';

const reason = 'Host left cannot be reached. ssh me@left says: timed out.';
let clock: FakeClock;
let qemu: FakeDialer;
let isCut: boolean;
let states: ConsoleState[];
let session: ConsoleSession;

const dialer: ConsoleDialer = {
  isFar: true,
  open: (port, signal) => (isCut ? Promise.reject(new UnreachableHost(reason)) : qemu.open(port, signal)),
};

beforeEach(() => {
  [clock, qemu, isCut, states] = [new FakeClock(), new FakeDialer(), false, []];
  session = new ConsoleSession(dialer, clock, 10_031);
  session.onDidChangeState(state => states.push(state));
});

async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await settle();
}

test('a host that does not answer is named with its reason, once, and tried again until it does', async () => {
  isCut = true;
  session.open();
  await settle();
  for (let second = 0; second < 60; second += 1) await pass(1000);

  expect(states).toEqual([{ kind: 'waiting', reason: 'unreachable', words: reason }]);
  isCut = false;
  session.retryNow();
  await settle();
  qemu.link.greet();
  expect(session.state).toEqual({ kind: 'connected' });

  isCut = true;
  qemu.link.hangUp();
  await pass(1000);
  expect(session.state).toEqual({ kind: 'waiting', reason: 'unreachable', words: reason });
});

test('a long way there is not taken for somebody who holds the console; no greeting at its end is', async () => {
  qemu.mood = 'hangs';
  session.open();
  await settle();
  await pass(60_000);
  expect([states, qemu.hanging]).toEqual([[], 1]);

  qemu.mood = 'accepts';
  const late = new ConsoleSession(dialer, clock, 10_031);
  late.open();
  await settle();
  await pass(1499);
  expect(late.state).toEqual({ kind: 'connecting' });
  await pass(1);
  expect(late.state).toEqual({ kind: 'waiting', reason: 'held' });
});

const left = labHost('left', { ssh: 'me@left' });
const far = (host: string): RunState => ({ kind: 'running', pid: 0, far: { host, pid: 12 } });
const spread = lab({ vms: [vm('fw', 31, { host: 'left' }), vm('pc', 32)], hosts: [left, labHost('right')] });
const consoleOf = (name: string, states: Readonly<Record<string, RunState>> = {}) => {
  const snapshot = snapshotOf(spread, states);
  return consoleOfVm({ lab: snapshot.path, kind: 'vm', name }, 'serial', [snapshot], () => '/run/dmz');
};

test('the console of a VM is where the VM runs, else where it is to run', () => {
  expect(consoleOf('fw')).toMatchObject({ port: 10_031, host: { name: 'left', ssh: 'me@left' } });
  expect(consoleOf('fw')).not.toHaveProperty('logPath');
  expect(consoleOf('fw', { fw: far('right') })?.host?.name).toBe('right');
  expect(consoleOf('fw', { fw: { kind: 'running', pid: 7 } })).toMatchObject({ logPath: '/run/dmz/fw.console.log' });
  expect(consoleOf('fw', { fw: { kind: 'running', pid: 7 } })).not.toHaveProperty('host');
  expect(consoleOf('pc', { pc: far('left') })?.host?.name).toBe('left');
});

test('its terminal says where it is connected, and is another one if the VM has moved', () => {
  const [atLeft, atRight] = [consoleOf('fw')!, consoleOf('fw', { fw: far('right') })!];

  expect(consoleNews(atLeft, { kind: 'connected' })).toBe(
    'kvmlab: connected to fw, serial console, port 10031 of left',
  );
  expect(consoleNews(atLeft, { kind: 'waiting', reason: 'unreachable', words: reason })).toContain(reason);
  expect(targetAddress(atLeft)).not.toBe(targetAddress(atRight));
  expect(new Set([far('left'), far('right'), { kind: 'running', pid: 12 } as const].map(processKey)).size).toBe(3);
});

test('a display whose host does not answer says so, and one without its port names both', async () => {
  const [seen, target] = [new DisplaySession({ open: rejects }, clock, 30_031), { lab: '', vm: 'fw', port: 30_031 }];
  seen.open();
  await settle();

  expect(displayNews(target, seen.state, far('left'))).toContain(reason);
  expect(displayNews(target, { kind: 'waiting', reason: 'no answer' }, far('left'))).toContain('port 30031 of left');
  seen.dispose();
});

const rejects = () => Promise.reject(new UnreachableHost(reason));
