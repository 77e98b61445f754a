import { ConsoleSession, type ConsoleState } from '../../extension/runtime/console/console-session.ts';
import { FakeDialer, settle, type PortMood } from './console-fakes.ts';
import { FakeClock } from './fake-clock.ts';

export const connected: ConsoleState = { kind: 'connected' };
export const held: ConsoleState = { kind: 'waiting', reason: 'held' };
export const notRunning: ConsoleState = { kind: 'waiting', reason: 'not running' };

/** An opened session, everything it said, and the world around it. */
export async function opened(mood: PortMood = 'accepts') {
  const [dialer, clock] = [new FakeDialer(mood), new FakeClock()];
  const session = new ConsoleSession(dialer, clock, 10031);
  const states: ConsoleState[] = [];
  const text: number[] = [];
  session.onDidChangeState(state => states.push(state));
  session.onData(bytes => text.push(...bytes));
  session.open();
  await settle();
  const wait = async (ms: number): Promise<void> => {
    // In steps: what a timer begins is answered before the next one is due, as in life.
    for (let left = ms; left > 0; left -= 50) {
      clock.advance(Math.min(left, 50));
      await settle();
    }
  };
  return { dialer, clock, session, states, text, wait };
}

/** The same, connected. */
export async function connectedSession() {
  const world = await opened();
  world.dialer.link.greet();
  return world;
}
