import type { Disposable, DisposableStore } from './base/disposable.ts';
import { systemClock } from './host/clock.ts';
import { lockFile } from './host/file-lock.ts';
import { systemRandom } from './host/random.ts';
import type { ManagementDialer } from './runtime/host.ts';
import type { GuestShellParts, GuestShells } from './runtime/guests/guest-shells.ts';
import type { FramePort } from './runtime/wire-ports.ts';
import type { LabStore } from './runtime/store.ts';
import type { GuestDesk } from './vscode/guests/guest-desk.ts';
import type { CheckTests, CheckTestsParts } from './vscode/tests/check-tests.ts';

/** Runs commands in guests; loaded when somebody does. */
export function lazyShells(parts: Omit<GuestShellParts, 'clock' | 'lock'>): () => Promise<GuestShells> {
  let loading: Promise<GuestShells> | undefined;
  const load = async (): Promise<GuestShells> => {
    const room = await import('./guests-room.ts');
    return new room.GuestShells({ ...parts, clock: systemClock, lock: lockFile });
  };
  return () => (loading ??= load());
}

/** What commands for guests need; loaded with the first one. */
export function lazyGuests(app: DisposableStore, shells: () => Promise<GuestShells>): () => Promise<GuestDesk> {
  let loading: Promise<GuestDesk> | undefined;
  const load = async (): Promise<GuestDesk> => {
    const [room, made] = await Promise.all([import('./guests-room.ts'), shells()]);
    return { shells: made, answers: app.add(new room.GuestAnswers()), clock: systemClock };
  };
  return () => (loading ??= load());
}

export interface TestsComposition extends Omit<CheckTestsParts, 'bench' | 'clock'> {
  readonly management: ManagementDialer;
  readonly shells: () => Promise<GuestShells>;
}

/** The checks of labs in the Test Explorer, from the first lab on that has some. */
export function composeTests(app: DisposableStore, parts: TestsComposition): () => CheckTests | undefined {
  const { store, report } = parts;
  let tests: CheckTests | undefined;
  const begin = async (): Promise<void> => {
    const room = await import('./guests-room.ts');
    const plug = (address: string): FramePort => new room.PlugFrames(address);
    tests = app.add(
      new room.CheckTests({ ...parts, clock: systemClock, bench: labPath => benchOf(labPath, parts, plug) }),
    );
  };
  const waiting: Disposable = app.add(
    store.onDidChange(() => {
      if (!hasChecks(store)) return;
      waiting.dispose();
      begin().catch(report);
    }),
  );
  return () => tests;
}

const hasChecks = ({ labs }: LabStore): boolean => labs.some(({ lab }) => lab?.checks?.length);

function benchOf(
  labPath: string,
  { store, management, look, shells }: TestsComposition,
  plug: (address: string) => FramePort,
): ReturnType<CheckTestsParts['bench']> {
  return {
    ...{ labPath, store, management, look, clock: systemClock, random: systemRandom },
    plug,
    guests: { run: async (vm, command, options) => (await shells()).run({ lab: labPath, vm }, command, options) },
  };
}
