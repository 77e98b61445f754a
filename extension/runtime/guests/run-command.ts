import type { Clock } from '../host.ts';
import type { ConsoleEar } from './console-ear.ts';
import { GuestFailure } from './guest-failure.ts';
import type { GuestTalk } from './guest-talk.ts';
import { MarkedOutput, type GuestAnswer } from './marked-output.ts';
import { shellLines } from './typed-line.ts';

export interface CommandOrder {
  readonly vm: string;
  readonly command: string;
  readonly limitMs: number;
  /** Letters and digits that no other command has. */
  readonly mark: string;
}

/** The shell is back at its prompt and never began: it made something else of the line. */
const misunderstoodMs = 3000;

/** Runs one command in a Unix shell whose prompt was reached; afterwards it is there again, as far as the guest gives it. */
export async function runCommand(
  order: CommandOrder,
  talk: GuestTalk,
  ear: ConsoleEar,
  clock: Clock,
): Promise<GuestAnswer> {
  const lines = shellLines(order.command, order.mark);
  for (const line of lines.slice(0, -1)) {
    await talk.typeLine(line);
    await talk.awaitPrompt();
  }
  const output = new MarkedOutput(order.mark);
  const hearing = ear.session.onData(bytes => output.push(bytes));
  try {
    const end = clock.now() + order.limitMs;
    await talk.typeLine(lines.at(-1) ?? '');
    const isMisunderstood = (): boolean =>
      !output.isBegun && talk.look.kind === 'prompt' && ear.quietMs >= misunderstoodMs;
    const isOver = (): boolean =>
      output.answer !== undefined || ear.session.state.kind !== 'connected' || isMisunderstood();
    await ear.until(() => isOver() || undefined, end - clock.now(), 500);
    if (!output.answer && !ear.isCancelled && isMisunderstood()) throw notUnderstood(order.vm);
    if (!output.answer) return await talk.failUnfinished(order.limitMs, output.soFar.output);
    await talk.awaitPrompt();
    return output.answer;
  } finally {
    hearing.dispose();
  }
}

const notUnderstood = (vm: string): GuestFailure =>
  new GuestFailure(
    'not understood',
    `What waits at the console of VM ${vm} is no Unix shell: it did not run the command. Say with "shell:" what it is.`,
  );
