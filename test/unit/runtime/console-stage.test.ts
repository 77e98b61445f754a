import { expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { ConsoleStage } from '../../../extension/runtime/installs/console-stage.ts';
import { LineSession } from '../../../extension/runtime/installs/line-session.ts';
import { VmOrders } from '../../../extension/runtime/installs/vm-orders.ts';
import { FakeLink, settle } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeQmp } from '../../support/fake-qmp.ts';

function world(isTelnet = true) {
  const [link, clock, qmp] = [new FakeLink(), new FakeClock(), new FakeQmp()];
  const session = new LineSession(() => Promise.resolve(link), isTelnet);
  const running = { is: true };
  const machine = new VmOrders({ qmp, clock, socket: '/run/fw.qmp', isRunning: () => Promise.resolve(running.is) });
  const stage = new ConsoleStage({ session, clock, machine, resolve: file => `/lab/${file}` });
  const answers: (string | undefined)[] = [];
  return { link, clock, qmp, session, running, stage, answers, done: (refusal?: string) => void answers.push(refusal) };
}
const typed = ({ written }: FakeLink): string => new TextDecoder().decode(Uint8Array.from(written));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('what is typed is refused while nobody takes it, and sent slowly if that is wanted', async () => {
  const { link, clock, session, stage, answers, done } = world();
  stage.type(bytes('a'), undefined, done);
  stage.type(bytes('a'), 20, done);
  expect(answers.map(one => one?.slice(0, 6))).toEqual(['Nobody', 'Nobody']);
  session.open();
  await settle();
  answers.length = 0;
  stage.type(bytes('abc'), 20, done);
  clock.advance(39);
  expect([typed(link), answers]).toEqual(['ab', []]);
  clock.advance(21);
  expect([typed(link), answers]).toEqual(['abc', [undefined]]);
});

test('a long text waits for its echo, and is called off in the middle', async () => {
  const { link, clock, session, stage, answers, done } = world();
  session.open();
  await settle();
  const typing = stage.type(bytes('x'.repeat(200)), undefined, done);
  expect([typed(link).length, answers]).toEqual([64, []]);
  typing.dispose();
  clock.advance(10_000);
  expect([typed(link).length, answers, clock.pending]).toEqual([64, [], 0]);

  stage.type(bytes('y'.repeat(100)), undefined, done);
  clock.advance(10_000);
  expect([typed(link).length, answers]).toEqual([164, [undefined]]);
});

test('a break goes over telnet only, and a line without a machine takes no orders', async () => {
  const { link, session, stage, answers, done } = world();
  session.open();
  await settle();
  stage.sendBreak(done);
  expect([link.written, answers]).toEqual([[0xff, 0xf3], [undefined]]);

  const { session: raw, clock } = world(false);
  const other = new ConsoleStage({ session: raw, clock, machine: undefined, resolve: file => file });
  const refusals: (string | undefined)[] = [];
  other.sendBreak(refusal => void refusals.push(refusal));
  other.changeCd(undefined, refusal => void refusals.push(refusal));
  expect(refusals.map(one => one !== undefined)).toEqual([true, true]);
});

test('a line that breaks is no longer connected', async () => {
  const { link, session, stage, answers, done } = world();
  session.open();
  await settle();
  link.hangUp();
  stage.type(bytes('a'), undefined, done);

  expect([session.state.kind, answers.length, typed(link)]).toEqual(['waiting', 1, '']);
});

const drive = { device: 'cdrom', removable: true, locked: true, tray_open: false };

test('a CD whose tray is locked is taken out when the guest lets go; a file lies beside the script', async () => {
  const { clock, qmp, stage, answers, done } = world();
  qmp.answers.set('query-block', [drive]);
  qmp.refuse('eject', "Device 'cdrom' is locked and force was not specified");
  stage.changeCd(undefined, done);
  await settle();
  clock.advance(500);
  await settle();
  expect([qmp.commands, answers]).toEqual([['query-block', 'eject', 'eject'], []]);
  qmp.answers.set('eject', {});
  clock.advance(500);
  await settle();
  expect(answers).toEqual([undefined]);

  stage.changeCd({ file: 'b.iso', from: undefined }, done);
  await settle();
  expect(qmp.asked.at(-1)?.args).toMatchObject({ filename: '/lab/b.iso' });
});

test('what QEMU refuses for good, and a VM without a drive, are told of', async () => {
  const { qmp, stage, answers, done } = world();
  stage.changeCd(undefined, done);
  await settle();
  qmp.refuse('system_reset', 'no');
  stage.orderVm('reset', done);
  await settle();

  expect(answers).toEqual([expect.stringContaining('no CD drive'), 'QEMU refuses: no.']);
});

test('waits until a VM is off, or until it is called off', async () => {
  const { clock, running, stage, answers, done } = world();
  const waiting = stage.orderVm('off', done);
  await settle();
  clock.advance(500);
  await settle();
  expect(answers).toEqual([]);
  running.is = false;
  clock.advance(500);
  await settle();
  expect(answers).toEqual([undefined]);
  waiting.dispose();

  const cancel = new CancelSource();
  const other = world();
  const ordered = new VmOrders({ ...other, socket: '', isRunning: () => Promise.resolve(true) }).order(
    'off',
    cancel.signal,
  );
  cancel.cancel();
  await expect(ordered).resolves.toBeUndefined();
});
