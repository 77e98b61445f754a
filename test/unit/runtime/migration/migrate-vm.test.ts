import { expect, test } from 'vitest';
import { CancelSource } from '../../../../extension/base/cancel.ts';
import type { TransferProgress } from '../../../../extension/qemu/migration.ts';
import { migrateVm } from '../../../../extension/runtime/migration/migrate-vm.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeQmp } from '../../../support/fake-qmp.ts';
import { lab, running, vm } from '../../../support/lab-builder.ts';

test('tells how far it is by the other socket, if a window is on the one for watchers', async () => {
  const qmp = new FakeQmp();
  const clock = new FakeClock();
  const seen: TransferProgress[] = [];
  qmp.dead.add('/run/dmz/fw.watch.qmp');
  qmp.answers.set('query-migrate', { status: 'active', ram: { transferred: 7, remaining: 9, mbps: 8 } });
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>(resolve => (end = resolve));
  const result = migrateVm(
    { path: '/labs/dmz.lab.yaml', lab: lab({ name: 'dmz', vms: [vm('fw', 31)] }) },
    { vm: 'fw', target: { kind: 'root', root: '/other' }, id: 41, downtimeMs: undefined, bandwidthMib: undefined },
    {
      ...{ qmp, clock, user: undefined, runDir: name => `/run/${name}` },
      store: { stateOf: () => running() },
      scripts: { run: async () => ({ code: await ended, output: 'fw: called off.' }) },
      files: { read: () => Promise.resolve(undefined) },
      remote: () => Promise.reject(new Error('no other host is asked')),
    },
    { signal: new CancelSource().signal, onProgress: progress => seen.push(progress) },
  );
  for (let turn = 0; turn < 50 && seen.length < 2; turn++) {
    await Promise.resolve();
    clock.advance(250);
  }
  end(1);

  await expect(result).rejects.toThrow('fw: called off.');
  expect(seen.map(({ sentBytes, leftBytes }) => [sentBytes, leftBytes])).toEqual([
    [7, 9],
    [7, 9],
  ]);
  expect(new Set(qmp.asked.map(({ socket }) => socket))).toEqual(new Set(['/run/dmz/fw.watch.qmp', '/run/dmz/fw.qmp']));
  expect(clock.pending).toBe(0);
});
