import { ConsoleSession } from '../../extension/runtime/console/console-session.ts';
import type { ConsoleTarget } from '../../extension/runtime/console/console-target.ts';
import type { RunState } from '../../extension/runtime/state.ts';
import { targetTitle, type TerminalTarget } from '../../extension/runtime/console/terminal-target.ts';
import { ConsoleTerminals } from '../../extension/vscode/consoles/console-terminals.ts';
import { FakeDialer } from './console-fakes.ts';
import { FakeClock } from './fake-clock.ts';

export const fw: ConsoleTarget = {
  lab: '/x/dmz.lab.yaml',
  vm: 'fw',
  kind: 'serial',
  port: 10031,
  logPath: '/run/fw.console.log',
};

/** All consoles, over a QEMU that the test plays. `log`: what each has printed before. */
export function world(log?: string, isCut = false) {
  const [dialer, clock] = [new FakeDialer(), new FakeClock()];
  const read: number[] = [];
  const started: TerminalTarget[] = [];
  const states = new Map<string, RunState>();
  const consoles = new ConsoleTerminals({
    clock,
    makeSession: target =>
      Object.assign(new ConsoleSession(dialer, clock, target.kind === 'switch' ? 0 : target.port), {
        history: (bytes: number) => {
          read.push(bytes);
          return Promise.resolve(log === undefined ? undefined : { bytes: new TextEncoder().encode(log), isCut });
        },
      }),
    stateOf: target => states.get(targetTitle(target)),
    start: target => started.push(target),
  });
  return { consoles, dialer, clock, read, started, states };
}
