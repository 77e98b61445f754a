import { describe, expect, test, vi } from 'vitest';
import type { PortHolder } from '../../../extension/runtime/console-ports.ts';
import { settle } from '../../support/console-fakes.ts';
import { port, World } from '../../support/console-world.ts';

describe('a console that somebody else holds', () => {
  test('while a stranger holds it, one sees everything, types nothing, and hears who it is', async () => {
    const world = new World();
    const stranger = await world.qemu.open(port);
    await settle();
    world.holders.held.set(port, { pid: 4711, program: 'telnet' });
    const viewer = await world.process();
    await world.pass(2000);

    world.qemu.print('ping');
    await world.pass(50);

    expect(viewer.states).toEqual([{ kind: 'waiting', reason: 'held', holder: { pid: 4711, program: 'telnet' } }]);
    expect([viewer.seen, viewer.type('x')]).toEqual(['ping', false]);
    stranger.dispose();
    await settle();
    expect(viewer.session.state).toEqual({ kind: 'connected' });
  });

  test('two behind a stranger find each other when the stranger goes', async () => {
    const world = new World();
    const stranger = await world.qemu.open(port);
    await settle();
    const [first, second] = [await world.process(), await world.process()];
    await world.pass(2000);

    stranger.dispose();
    await world.pass(1000);

    expect(first.session.state).toEqual({ kind: 'connected' });
    expect(second.session.state).toEqual({ kind: 'connected', through: { pid: first.pid, program: 'kvmlab' } });
    expect(world.qemu.clients).toBe(1);
  });

  test('a stranger is ended when asked for, and the reason is given where it cannot be', async () => {
    const world = new World();
    await world.qemu.open(port);
    await settle();
    const viewer = await world.process();
    await world.pass(2000);

    world.holders.refusal = 'it belongs to another user.';
    const refusal = viewer.session.takeOver();
    world.holders.refusal = undefined;

    expect([refusal, viewer.session.takeOver(), world.holders.ended]).toEqual([
      'it belongs to another user.',
      undefined,
      [port],
    ]);
  });

  test('an owner of ours that is asked hands over, and joins whom it gave way to', async () => {
    const world = new World();
    const [first, second] = [await world.process(), await world.process()];

    const refusal = second.session.takeOver();
    await world.pass(5000);

    expect(refusal).toBeUndefined();
    expect(second.session.state).toEqual({ kind: 'connected' });
    expect(first.session.state).toEqual({ kind: 'connected', through: { pid: second.pid, program: 'kvmlab' } });
    expect(world.holders.ended).toEqual([]);
  });

  test('nobody is ended while nobody else holds the console', async () => {
    const world = new World();
    const only = await world.process();

    expect([only.session.takeOver(), world.holders.ended]).toEqual(['Nobody else holds this console.', []]);
  });

  test('one that lets go while it is looked for is not told of', async () => {
    const world = new World();
    const stranger = await world.qemu.open(port);
    await settle();
    let answer: ((found: ReadonlyMap<number, PortHolder>) => void) | undefined;
    vi.spyOn(world.holders, 'find').mockReturnValue(new Promise(resolve => (answer = resolve)));
    const viewer = await world.process();
    await world.pass(2000);

    stranger.dispose();
    await settle();
    answer?.(new Map([[port, { pid: 4711, program: 'telnet' }]]));
    await settle();

    expect(viewer.states).toEqual([{ kind: 'connected' }]);
  });

  test('an owner that does not answer counts as holding the console', async () => {
    const world = new World();
    world.place.owners.set(port, () => undefined);
    world.holders.held.set(port, { pid: 7, program: 'kvmlab' });

    const viewer = await world.process();
    await world.pass(2000);

    expect(viewer.session.state).toEqual({
      kind: 'waiting',
      reason: 'held',
      holder: { pid: 7, program: 'kvmlab' },
    });
  });

  test('whoever speaks another protocol is left alone', async () => {
    const world = new World();
    const first = await world.process();
    const link = await world.place.process(9).join(port);
    let isClosed = false;
    link.onClose(() => (isClosed = true));

    link.write(Uint8Array.of(0xff, 1, 2, 3, 4, 5));
    await world.pass(50);

    expect([isClosed, first.session.state]).toEqual([true, { kind: 'connected' }]);
  });
});
