import type { ConsoleLoss } from '../../extension/runtime/console/console-log-stream.ts';
import { ConsoleSession, type ConsoleState } from '../../extension/runtime/console/console-session.ts';
import { settle } from './console-fakes.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeHolders } from './fake-consoles.ts';
import { FakeLog } from './fake-log.ts';
import { FakeQemu } from './fake-qemu.ts';
import { FakeMeetingPlace, type FakeShares } from './fake-shares.ts';

/** The console that all of these tests share. */
export const port = 10_031;

/** One console, and processes that look at it. */
export class World {
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

/** One process that looks at the console, and what it saw. */
export class Viewer {
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

export const typedText = (world: World): string => new TextDecoder().decode(Uint8Array.from(world.qemu.typed));
