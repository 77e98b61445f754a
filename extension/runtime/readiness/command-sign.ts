import type { CancelSignal } from '../../base/cancel.ts';
import { matches, patternText, type ConsolePattern } from '../../lab/console-pattern.ts';
import type { SignWatch } from './sign.ts';

/** What a guest said to a command. */
export interface CommandAnswer {
  /** Undefined: its shell does not tell one. */
  readonly status: number | undefined;
  readonly output: string;
}

/** Runs one line in the guest's shell. Rejects, in words for people, if that cannot be, or not in time. */
export type RunCommand = (command: string, signal: CancelSignal | undefined) => Promise<CommandAnswer>;

export interface CommandOrder {
  readonly command: string;
  readonly answer?: ConsolePattern;
}

/** Whether a command succeeds in the guest and prints what it is to print. */
export class CommandSign implements SignWatch {
  /** The console is also somebody else's. */
  readonly restMs = 3000;
  readonly isIntrusive = true;
  private readonly order: CommandOrder;
  private readonly run: RunCommand;

  constructor(order: CommandOrder, run: RunCommand) {
    this.order = order;
    this.run = run;
  }

  async look(signal: CancelSignal | undefined): Promise<string | undefined> {
    const { command, answer } = this.order;
    try {
      const { status, output } = await this.run(command, signal);
      const isDone = status === 0 && (!answer || matches(answer, output));
      return isDone ? undefined : words(this.order, status, output);
    } catch (error) {
      return `"${command}" could not be run there: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

function words({ command, answer }: CommandOrder, status: number | undefined, output: string): string {
  const lines = output.trim().split('\n').slice(-3).join('\n    ').slice(0, 600);
  const told = lines === '' ? '' : ` It printed:\n    ${lines}`;
  if (status !== 0) return `"${command}" ended with status ${status ?? 'unknown'}.${told}`;
  return `"${command}" has not printed ${answer ? patternText(answer) : ''}.${told}`;
}
