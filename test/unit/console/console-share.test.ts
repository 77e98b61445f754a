import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame } from '../../../extension/console/share-frames.ts';
import { longestBacklog } from '../../../extension/runtime/console-owner.ts';
import type { ConsoleLoss } from '../../../extension/runtime/console-log-stream.ts';
import { ConsoleSession, type ConsoleState } from '../../../extension/runtime/console-session.ts';
import { settle } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeHolders } from '../../support/fake-consoles.ts';
import { FakeLog } from '../../support/fake-log.ts';
import { FakeQemu } from '../../support/fake-qemu.ts';
import { FakeMeetingPlace, type FakeShares } from '../../support/fake-shares.ts';

const port = 10_031;

/** One console, and processes that look at it. */
class World {
  readonly qemu = new FakeQemu();
  readonly clock = new FakeClock();
  readonly place = new FakeMeetingPlace();
  readonly holders = new FakeHolders();
  private pids = 100;

  async process(isLogged = true, program = 'kvmlab'): Promise<Viewer> {
    const shares = this.place.process((this.pids += 1), program);
    const log = isLogged ? new FakeLog(this.qemu.log) : undefined;
    const options = { shares, holders: this.holders, log };
    const session = new ConsoleSession(this.qemu, this.clock, port, options);
    const viewer = new Viewer(session, shares, this.qemu.log.bytes?.length ?? 0);
    session.open();
    await this.pass(100);
    return viewer;
  }

  /** In steps: what a timer begins is answered before the next one is due, as in life. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      this.clock.advance(Math.min(left, 50));
      await settle();
    }
  }

  get printed(): string {
    return new TextDecoder().decode(Uint8Array.from(this.qemu.log.bytes ?? []));
  }
}

class Viewer {
  readonly session: ConsoleSession;
  readonly shares: FakeShares;
  /** Where in the log its view begins. */
  readonly start: number;
  readonly states: ConsoleState[] = [];
  readonly losses: ConsoleLoss[] = [];
  seen = '';

  constructor(session: ConsoleSession, shares: FakeShares, start: number) {
    this.session = session;
    this.shares = shares;
    this.start = start;
    session.onData(bytes => (this.seen += new TextDecoder().decode(bytes)));
    session.onDidChangeState(state => this.states.push(state));
    session.onDidLose(loss => this.losses.push(loss));
  }

  get pid(): number {
    return this.shares.self.pid;
  }

  type(text: string): boolean {
    return this.session.write(new TextEncoder().encode(text));
  }
}

const typedText = (world: World): string => new TextDecoder().decode(Uint8Array.from(world.qemu.typed));

describe('a console that several processes share', () => {
  test('the first one is served by QEMU, the next ones go through it', async () => {
    const world = new World();

    const [first, second, third] = [await world.process(), await world.process(), await world.process()];

    const through = { pid: first.pid, program: 'kvmlab' };
    expect([first, second, third].map(one => one.session.state)).toEqual([
      { kind: 'connected' },
      { kind: 'connected', through },
      { kind: 'connected', through },
    ]);
    expect(world.qemu.clients).toBe(1);
  });

  test.each([true, false])('all see the same (read from the log: %s)', async isLogged => {
    const world = new World();
    const [first, second] = [await world.process(isLogged), await world.process(isLogged)];

    world.qemu.print('login: ');
    await world.pass(100);

    expect([first.seen, second.seen]).toEqual(['login: ', 'login: ']);
  });

  test('all may type and send a break', async () => {
    const world = new World();
    const [first, second] = [await world.process(), await world.process()];

    const isTyped = [first.type('a'), second.type('b\u00ff'), second.session.sendBreak()];
    await world.pass(50);

    expect(isTyped).toEqual([true, true, true]);
    expect(world.qemu.typed).toEqual([0x61, 0x62, 0xc3, 0xbf, 0xff, 0xf3]);
  });

  test('every byte that a guest of ours types arrives, 0xff doubled for telnet', async () => {
    const world = new World();
    await world.process();
    const second = await world.process();
    const all = Array.from({ length: 256 }, (_, byte) => byte);

    second.session.write(Uint8Array.from(all));
    await world.pass(50);

    expect(world.qemu.typed).toEqual([...all, 0xff]);
  });

  test('a paste that is longer than a frame arrives whole', async () => {
    const world = new World();
    await world.process();
    const second = await world.process();

    second.type('x'.repeat(200_000));
    await world.pass(50);

    expect(world.qemu.typed).toHaveLength(200_000);
  });

  test('a terminal answers what the guest asks only where somebody typed last', async () => {
    const world = new World();
    const [first, second] = [await world.process(), await world.process()];

    second.type('vi\r');
    await world.pass(50);
    first.type('\u001b[24;80R');
    second.type('\u001b[24;80R');
    await world.pass(50);

    expect(typedText(world)).toBe('vi\r\u001b[24;80R');
  });

  test('when the owner goes, another one is served, and what was printed meanwhile is not lost', async () => {
    const world = new World();
    const [first, second] = [await world.process(), await world.process()];
    world.qemu.print('one ');
    await world.pass(50);

    first.session.dispose();
    world.qemu.print('two ');
    await world.pass(500);
    world.qemu.print('three');
    await world.pass(50);

    expect([second.session.state, second.seen]).toEqual([{ kind: 'connected' }, 'one two three']);
  });

  test('of many that are left exactly one is served, and the others find it', async () => {
    const world = new World();
    const first = await world.process();
    const others = [];
    for (let count = 0; count < 5; count += 1) others.push(await world.process());

    first.session.dispose();
    await world.pass(2000);

    const served = others.filter(one => one.session.state.kind === 'connected' && !one.session.state.through);
    expect(served).toHaveLength(1);
    expect(others.map(one => one.session.state.kind)).toEqual(others.map(() => 'connected'));
    expect([world.qemu.clients, world.place.mostServing]).toEqual([1, 1]);
  });

  test('all come back when the VM was restarted', async () => {
    const world = new World();
    const [first, second] = [await world.process(), await world.process()];

    world.qemu.stop();
    world.qemu.log.append('last words\n');
    await world.pass(3000);
    const waiting = [first, second].map(one => one.session.state);
    world.qemu.start();
    world.qemu.print('SeaBIOS\n');
    await world.pass(7000);

    expect(waiting).toEqual(waiting.map(() => ({ kind: 'waiting', reason: 'not running' })));
    expect([first, second].map(one => one.session.state.kind)).toEqual(['connected', 'connected']);
    expect([first.seen, second.seen]).toEqual(['last words\nSeaBIOS\n', 'last words\nSeaBIOS\n']);
  });

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

describe('a shared console without a log', () => {
  test('a newcomer sees what was printed last', async () => {
    const world = new World();
    const first = await world.process(false);
    world.qemu.print('QEMU monitor\r\n(qemu) ');
    await world.pass(50);

    const second = await world.process(false);

    expect([first.seen, second.seen]).toEqual(['QEMU monitor\r\n(qemu) ', 'QEMU monitor\r\n(qemu) ']);
  });

  test('one that does not read is skipped ahead and told so, the others see everything', async () => {
    const world = new World();
    const [first, slow, third] = [await world.process(false), await world.process(false), await world.process(false)];
    const serverEnd = slow.shares.links.at(-1)!;

    world.qemu.print('a');
    await world.pass(50);
    serverEnd.backlog = longestBacklog + 1;
    world.qemu.print('bcd');
    await world.pass(50);
    serverEnd.backlog = 0;
    world.qemu.print('e');
    await world.pass(50);

    expect([first.seen, slow.seen, third.seen]).toEqual(['abcde', 'ae', 'abcde']);
    expect(slow.losses).toEqual([{ kind: 'skipped', bytes: 3 }]);
  });
});

describe('a console whose log gets nothing', () => {
  test('is shown from the connection after a second, nothing lost, and others get it from the owner', async () => {
    const world = new World();
    const [first, second] = [await world.process(), await world.process()];
    const append = world.qemu.log.append.bind(world.qemu.log);
    world.qemu.log.append = () => undefined;

    world.qemu.print('disk ');
    await world.pass(1100);
    world.qemu.print('full');
    await world.pass(50);
    world.qemu.log.append = append;

    expect([first.seen, second.seen]).toEqual(['disk full', 'full']);
  });

  test('a healthy log is never given up, however much comes over the connection', async () => {
    const world = new World();
    const first = await world.process();
    let printed = '';

    for (let line = 0; line < 200; line += 1) {
      world.qemu.print(`${line}\n`);
      printed += `${line}\n`;
      await world.pass(line % 7 === 0 ? 1200 : 20);
    }

    expect(first.seen).toBe(printed);
  });
});

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
