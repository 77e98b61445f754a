import { beforeEach, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { FarWatch } from '../../../extension/runtime/hosts/far-watch.ts';
import { UnreachableHost, type Destination, type RemoteResult } from '../../../extension/runtime/remote-ports.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { labTree } from '../../../extension/runtime/views/lab-tree.ts';
import type { TreeNode } from '../../../extension/runtime/views/tree-node.ts';
import { settle } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const path = '/labs/spread.lab.yaml';
const text = `
name: spread
hosts: { left: {}, right: {} }
switches: { lan: { host: left } }
vms:
  here: { id: 61, nics: [{ switch: lan }] }
  a: { id: 62, host: left, nics: [{ switch: lan }] }
  b: { id: 63, host: right }
`;
let store: LabStore;
let clock: FakeClock;
let watch: FarWatch;
let asked: Set<string>;
/** By destination: who was asked how often, who does not answer, and whose answer is long in coming. */
let looks: Record<string, number>;
let down: Set<string>;
let stuck: Set<string>;

const hosts = {
  run: ({ name, ssh }: Destination): Promise<RemoteResult> => {
    looks[ssh] = (looks[ssh] ?? 0) + 1;
    if (stuck.has(ssh)) return new Promise(() => undefined);
    if (down.has(ssh))
      return Promise.reject(new UnreachableHost(`Host ${name} cannot be reached. Wake it.`, 'No route'));
    const output = ssh === 'left' ? 'a running, process 12\nswitch lan running, process 9\n' : 'b stopped\n';
    return Promise.resolve({ code: 0, output, errors: '' });
  },
  connect: () => Promise.reject(new Error('nobody connects here')),
  forward: () => Promise.reject(new Error('nobody forwards here')),
  privateFolder: () => Promise.reject(new Error('no sockets here')),
  digest: (content: string) => content,
};

const newWatch = (): FarWatch =>
  new FarWatch({ store, clock, asked, remote: () => Promise.resolve(hosts), intervalMs: () => 1000 });

beforeEach(() => {
  [store, clock, asked, looks] = [new LabStore(), new FakeClock(), new Set(), {}];
  [down, stuck] = [new Set(), new Set()];
  store.setReading(path, readLab(text));
  watch = newWatch();
});

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 500) {
    clock.advance(500);
    await settle();
  }
}

const stateOf = (name: string) => store.stateOf({ lab: path, kind: 'vm', name });
const rowOf = (name: string): TreeNode => {
  const rows = (node: TreeNode): readonly TreeNode[] => [node, ...node.children.flatMap(rows)];
  return rows(labTree(store.lab(path)!)).find(({ label }) => label === name)!;
};

test('no host is asked before the user has to do with it, and that is what its rows say', async () => {
  watch.setLooking(true);
  await pass(60_000);

  expect(looks).toEqual({});
  expect(rowOf('a').description).toContain('unknown: left was not asked yet · on left');
  expect(rowOf('a').contextValue).toBe('vm.stopped');
  expect(stateOf('here')).toEqual({ kind: 'stopped' });
});

test('who was asked to, is looked at again and again while somebody can see it, also after a restart', async () => {
  await watch.refresh();
  expect([stateOf('a').kind, stateOf('b').kind, rowOf('lan').contextValue]).toEqual([
    ...['running', 'stopped'],
    'switch.running',
  ]);
  await pass(10_000);
  expect(looks).toEqual({ left: 1, right: 1 });

  watch.setLooking(true);
  await pass(5000);
  expect(looks['left']).toBeGreaterThan(3);
  watch.dispose();
  const before = looks['left']!;
  await pass(5000);
  expect(looks['left']).toBe(before);

  watch = newWatch();
  watch.setLooking(true);
  await settle();
  expect(looks['left']).toBe(before + 1);
});

test('an order that has seen a host lets it be watched, and only that one', async () => {
  watch.setLooking(true);
  store.setFar(path, 'left', { kind: 'seen', things: { vms: [], switches: [], wires: [] } });
  await pass(2000);

  expect(looks).toEqual({ left: expect.any(Number) as number });
  expect([stateOf('a').kind, stateOf('b').kind]).toEqual(['running', 'unknown']);
});

test('a host that does not answer is unknown with its reason, is asked ever less often, and keeps nobody back', async () => {
  down.add('left');
  stuck.add('right');
  watch.setLooking(true);
  void watch.refresh();
  await settle();

  expect(rowOf('a').description).toContain('unknown: left does not answer (No route) · on left');
  expect(rowOf('a').tooltip).toContain('Host left cannot be reached. Wake it.');
  expect(rowOf('spread').description).toContain('0 of 3 running');
  await pass(64_000);
  expect(looks['left']).toBeLessThan(9);
  expect(looks['right']).toBe(1);

  down.clear();
  await pass(16_000);
  expect(stateOf('a')).toMatchObject({ kind: 'running', far: { host: 'left', pid: 12 } });
  const before = looks['left']!;
  await pass(5000);
  expect(looks['left']! - before).toBeGreaterThan(3);
});

test('what a host was said to run is forgotten when it does not answer any more', async () => {
  await watch.refresh();
  down.add('left');
  await watch.refresh();

  expect(stateOf('a').kind).toBe('unknown');
  expect(store.stateOf({ lab: path, kind: 'switch', name: 'lan' }).kind).toBe('unknown');
});

test('another destination of the same name is another host', async () => {
  await watch.refresh();
  watch.setLooking(true);
  await settle();

  store.setReading(path, readLab(text.replace('left: {}', 'left: { ssh: elsewhere }')));
  await pass(5000);

  expect(looks).not.toHaveProperty('elsewhere');
  expect(stateOf('a')).toMatchObject({ kind: 'unknown', brief: 'left was not asked yet' });
  store.removeLab(path);
  const before = { ...looks };
  await pass(5000);
  expect(looks).toEqual(before);
});

test('a refresh asks anew, also while an older question is open', async () => {
  const answers: ((result: RemoteResult) => void)[] = [];
  const slow = { ...hosts, run: () => new Promise<RemoteResult>(resolve => void answers.push(resolve)) };
  store.setReading(path, readLab(text.replace(', right: {}', '').replace('host: right', 'host: left')));
  watch.dispose();
  watch = new FarWatch({ store, clock, asked, remote: () => Promise.resolve(slow), intervalMs: () => 1000 });
  void watch.refresh();
  await settle();
  void watch.refresh();
  answers[0]!({ code: 0, output: 'b stopped\n', errors: '' });
  await settle();
  answers[1]!({ code: 0, output: 'b running, process 5\n', errors: '' });
  await settle();

  expect([answers.length, stateOf('b').kind]).toEqual([2, 'running']);
});

test('an answer that is older than an order does not count', async () => {
  let answer: (result: RemoteResult) => void = () => undefined;
  const slow = { ...hosts, run: () => new Promise<RemoteResult>(resolve => (answer = resolve)) };
  watch.dispose();
  watch = new FarWatch({ store, clock, asked, remote: () => Promise.resolve(slow), intervalMs: () => 1000 });
  void watch.refresh();
  await settle();

  const running = [{ name: 'b', pid: 0, far: { host: 'right', pid: 7 } }];
  store.setFar(path, 'right', { kind: 'seen', things: { vms: running, switches: [], wires: [] } });
  answer({ code: 0, output: 'b stopped\n', errors: '' });
  await settle();

  expect(stateOf('b').kind).toBe('running');
});
