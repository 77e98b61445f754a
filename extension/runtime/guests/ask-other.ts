import { Utf8Decoder } from '../../console/utf8.ts';
import type { Clock } from '../host.ts';
import type { ConsoleEar } from './console-ear.ts';
import { GuestFailure } from './guest-failure.ts';
import type { CommandForm } from './guest-shell.ts';
import type { GuestTalk } from './guest-talk.ts';
import { withoutKernelMessages } from './kernel-messages.ts';
import type { GuestAnswer } from './marked-output.ts';
import type { CommandOrder } from './run-command.ts';

/** A prompt that is followed by nothing is no part of the output. */
const promptRestMs = 500;
const longestOutput = 2_000_000;

/** Runs one command at the prompt of what is no Unix shell: its output is all up to the next prompt. */
export async function askOther(
  order: CommandOrder,
  form: CommandForm,
  talk: GuestTalk,
  ear: ConsoleEar,
  clock: Clock,
): Promise<GuestAnswer> {
  if (/\p{Cc}/u.test(order.command))
    throw new GuestFailure('not understood', `A command for VM ${order.vm} is one line without control characters.`);
  const end = clock.now() + order.limitMs;
  const typed = async (line: string): Promise<GuestAnswer> => {
    const output = new OutputToPrompt();
    await talk.typeLine(line, () => output.listen(ear));
    const isDone = (): true | undefined =>
      ear.session.state.kind !== 'connected' || (talk.look.kind === 'prompt' && ear.quietMs >= promptRestMs)
        ? true
        : undefined;
    const isAnswered = await ear.until(isDone, end - clock.now(), promptRestMs / 5);
    output.stop();
    if (isAnswered && ear.session.state.kind === 'connected') return output.answer;
    return talk.failUnfinished(order.limitMs, output.answer.output);
  };
  const answer = await typed(form.command.replace('{}', () => order.command));
  if (form.status !== undefined) return { ...answer, status: lastNumber((await typed(form.status)).output) };
  if (form.failures.length === 0) return answer;
  const isFailure = (line: string): boolean => form.failures.some(start => line.startsWith(start));
  return { ...answer, status: answer.output.split('\n').some(isFailure) ? 1 : 0 };
}

/** What is printed from Enter on, without the line end that Enter makes and without the prompt. */
class OutputToPrompt {
  private readonly decoder = new Utf8Decoder();
  private text = '';
  private hearing: { dispose(): void } | undefined;

  get answer(): GuestAnswer {
    const lines = withoutKernelMessages(this.text).replaceAll('\r\n', '\n').split('\n').slice(1, -1);
    const output = lines.map(line => `${line}\n`).join('');
    return { status: undefined, output, isCut: this.text.length >= longestOutput };
  }

  listen(ear: ConsoleEar): void {
    this.hearing = ear.session.onData(bytes => {
      this.text = (this.text + this.decoder.push(bytes)).slice(-longestOutput);
    });
  }

  stop(): void {
    this.hearing?.dispose();
  }
}

function lastNumber(output: string): number | undefined {
  const number = /(\d+)\D*$/.exec(output.slice(-200))?.[1];
  return number === undefined ? undefined : Number(number);
}
