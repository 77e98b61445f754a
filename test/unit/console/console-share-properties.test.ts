import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame } from '../../../extension/console/share-frames.ts';
import { ConsoleSession } from '../../../extension/runtime/console/console-session.ts';
import { settle } from '../../support/console-fakes.ts';
import { FakeLog } from '../../support/fake-log.ts';
import { port, World, type Viewer } from '../../support/console-world.ts';

test('whatever happens, nobody misses a byte or sees one twice, and QEMU never has two clients of ours', async () => {
  type Step = 'open' | 'print' | 'leave first' | 'leave last' | 'restart' | 'take over' | 'wait';
  const step = fc.constantFrom<Step>('open', 'print', 'leave first', 'leave last', 'restart', 'take over', 'wait');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.integer({ min: 1, max: 400 })), { maxLength: 40 }), async steps => {
      const world = new World();
      const viewers: Viewer[] = [];
      let count = 0;
      for (const [what, ms] of steps) {
        if (what === 'open' && viewers.length < 4) viewers.push(await world.process());
        if (what === 'print') world.qemu.print(`<${(count += 1)}>`);
        if (what === 'leave first') viewers.shift()?.session.dispose();
        if (what === 'leave last') viewers.pop()?.session.dispose();
        if (what === 'take over') viewers.at(-1)?.session.takeOver();
        if (what === 'restart') {
          world.qemu.stop();
          world.qemu.print(`<down ${(count += 1)}>`);
          await world.pass(300);
          world.qemu.start();
        }
        await world.pass(ms);
      }
      await world.pass(15_000);

      for (const one of viewers) expect(one.seen).toBe(world.printed.slice(one.start));
      expect(viewers.filter(one => one.session.state.kind !== 'connected')).toEqual([]);
      expect(world.place.mostServing).toBeLessThanOrEqual(1);
      for (const one of viewers) one.session.dispose();
      await settle();
      expect({
        timers: world.clock.pending,
        clients: world.qemu.clients,
        watchers: world.qemu.log.watchers.size,
      }).toEqual({ timers: 0, clients: 0, watchers: 0 });
    }),
    { numRuns: 300 },
  );
}, 60_000);

test('a thousand sessions that share a console and go leave nothing behind', async () => {
  const world = new World();
  const owner = await world.process();
  await world.pass(2000);
  const before = { timers: world.clock.pending, watchers: world.qemu.log.watchers.size };

  for (let round = 0; round < 1000; round += 1) {
    const log = new FakeLog(world.qemu.log);
    const shares = world.place.process(5000 + round);
    const session = new ConsoleSession(world.qemu, world.clock, port, { shares, log });
    session.open();
    await settle();
    if (round % 2 === 0) world.qemu.print('x');
    session.dispose();
    await settle();
    expect(shares.links.filter(link => !link.isDisposed || link.listenerCount > 0)).toEqual([]);
    expect(log.isDisposed).toBe(true);
  }
  await world.pass(2000);

  expect({ timers: world.clock.pending, watchers: world.qemu.log.watchers.size }).toEqual(before);
  expect(owner.session.state).toEqual({ kind: 'connected' });
});

test('what an owner is sent before it is asked anything does no harm', async () => {
  const world = new World();
  await world.process();
  const link = await world.place.process(9).join(port);

  link.write(encodeFrame({ kind: 'skipped', bytes: 5 }));
  link.write(encodeFrame({ kind: 'data', bytes: Uint8Array.of(0x41) }));
  await world.pass(50);

  expect(world.qemu.typed).toEqual([0x41]);
});
