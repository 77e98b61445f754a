import fc from 'fast-check';
import type { RecordedPart, Recording } from '../../extension/dialogue/learn/recording.ts';

/** A text of which some differs from one run of the guest to the next. */
export type StoryText = readonly (string | { readonly varies: 'number' | 'time' | 'address' | 'kernel' })[];

/** Something that a guest asks. */
export interface Question {
  /** Lines that are printed before. */
  readonly lines: readonly StoryText[];
  readonly hasProgress: boolean;
  readonly prompt: StoryText;
  /** `line`: echoed and edited; `hidden` and `stars`: a password; `key`: one key without Enter. */
  readonly mode: 'line' | 'hidden' | 'stars' | 'key';
  readonly answer: string;
  /** How the person comes to the answer. */
  readonly typing: { readonly typoAt: number | undefined; readonly isFast: boolean };
}

// Made of a string, because lint takes control characters in a literal for mistakes.

const escape = '\\u001b';
const oneKey = new RegExp(`${escape}\\[[A-Z]|[^]`, 'gu');
const typo = 'q\u007f';

/** A guest that asks one thing after another, and keeps what it got. It has a terminal in which lines can be edited. */
export class StoryGuest {
  readonly answers: string[] = [];
  private readonly questions: readonly Question[];
  /** Number of this run; what varies differs with it. */
  private readonly run: number;
  private readonly print: (text: string) => void;
  private at = 0;
  private line = '';

  constructor(questions: readonly Question[], run: number, print: (text: string) => void) {
    this.questions = questions;
    this.run = run;
    this.print = print;
  }

  boot(): void {
    this.ask();
  }

  type(text: string): void {
    for (const key of text.match(oneKey) ?? []) this.press(key);
  }

  private ask(): void {
    const question = this.questions[this.at];
    if (!question) {
      this.print('All done, good bye.\r\n');
      return;
    }
    for (const line of question.lines) this.print(`${this.rendered(line)}\r\n`);
    if (question.hasProgress)
      for (let part = 0; part <= 4 + (this.run % 3); part += 1)
        this.print(`\r\u001b[32m[${'='.repeat(part).padEnd(8)}]\u001b[0m ${part * 11 + this.run}%`);
    this.print(`${question.hasProgress ? '\r\n' : ''}\u001b[1m${this.rendered(question.prompt)}\u001b[0m\u001b[6n`);
  }

  private press(key: string): void {
    const question = this.questions[this.at];
    if (!question) this.answers.push(`too much: ${key}`);
    else if (question.mode === 'key') this.accept(key);
    else if (key === '\r') this.accept(this.line);
    else if (key === '\u007f') this.erase(question);
    else {
      this.line += key;
      if (question.mode !== 'hidden') this.print(question.mode === 'stars' ? '*' : key);
    }
  }

  private erase(question: Question): void {
    if (this.line === '') return;
    this.line = this.line.slice(0, -1);
    if (question.mode !== 'hidden') this.print('\b \b');
  }

  private accept(answer: string): void {
    this.answers.push(answer);
    this.line = '';
    this.at += 1;
    this.print('\r\n');
    this.ask();
  }

  private rendered(text: StoryText): string {
    const shown = { number: 17 * this.run, time: `0${this.run}:1${this.run}:59`, address: `10.0.${this.run}.1` };
    const kernel = `[    ${this.run}.${this.run}31]`;
    return text.map(part => (typeof part === 'string' ? part : { ...shown, kernel }[part.varies])).join('');
  }
}

/** A person answers all questions, and everything is recorded. */
export function recordStory(questions: readonly Question[]): {
  readonly recording: Recording;
  readonly answers: readonly string[];
} {
  const parts: RecordedPart[] = [];
  let atMs = 0;
  let waiting = '';
  const add = (kind: RecordedPart['kind'], text: string): void => {
    if (text !== '') parts.push({ kind, bytes: new TextEncoder().encode(text), atMs: (atMs += 40) });
  };
  const flush = (): void => {
    add('printed', waiting);
    waiting = '';
  };
  const guest = new StoryGuest(questions, 1, text => (waiting += text));
  guest.boot();
  for (const question of questions) {
    flush();
    for (const key of keysFor(question)) {
      add('typed', key);
      guest.type(key);
      if (!question.typing.isFast) flush();
    }
  }
  flush();
  return { recording: { parts }, answers: guest.answers };
}

function keysFor({ mode, answer, typing }: Question): readonly string[] {
  if (mode === 'key') return [answer];
  const keys = Array.from(answer);
  if (typing.typoAt !== undefined) keys.splice(typing.typoAt % (keys.length + 1), 0, ...Array.from(typo));
  return [...keys, '\r'];
}

const word = fc.constantFrom(
  'disk',
  'Setup',
  'login',
  'eth0',
  'tty1',
  'Debian',
  'root@vm:',
  'Starting',
  'übung',
  '[ OK ]',
  'a',
  '/dev/sda',
);
const varying = fc.record({
  varies: fc.constantFrom('number' as const, 'time' as const, 'address' as const, 'kernel' as const),
});
const spaced = (parts: readonly StoryText[number][]): StoryText =>
  parts.flatMap((part, at) => (at === 0 ? [part] : [' ', part]));
const line: fc.Arbitrary<StoryText> = fc
  .array(fc.oneof({ weight: 4, arbitrary: word }, varying), { maxLength: 5 })
  .map(spaced);
const openPrompt: fc.Arbitrary<StoryText> = fc
  .tuple(line, fc.constantFrom('login: ', '# ', '~ # ', '$ ', '> ', 'Continue? [Y/n] ', 'Choice [1-4]: ', 'name:'))
  .map(([start, end]) => (start.length === 0 ? [end] : [...start, ' ', end]));
const secretPrompt = fc.constantFrom<StoryText>(
  ['Password: '],
  ['Enter passphrase for key: '],
  ['PIN:'],
  ['Retype new password: '],
);
const letters = fc.constantFrom(...Array.from('abcxyz019 -./=$"\'{}'));
const visible = fc.string({ unit: letters, minLength: 1, maxLength: 12 }).filter(text => text.trim() === text);
/** Not a part of anything else. */
export const secret = fc
  .string({ unit: fc.constantFrom(...Array.from('0123456789abcdef$!')), minLength: 4, maxLength: 9 })
  .map(text => `Zq${text}`);
const typing = fc.record({ typoAt: fc.option(fc.nat(12), { nil: undefined }), isFast: fc.boolean() });
const common = { lines: fc.array(line, { maxLength: 3 }), hasProgress: fc.boolean(), typing };

export const question: fc.Arbitrary<Question> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ ...common, prompt: openPrompt, mode: fc.constant('line' as const), answer: visible }),
  },
  fc.record({
    ...common,
    prompt: secretPrompt,
    mode: fc.constantFrom('hidden' as const, 'stars' as const),
    answer: secret,
  }),
  fc.record({
    ...common,
    prompt: fc.constantFrom<StoryText>(['Press any key'], ['Really? (y/n)'], ['--More--']),
    mode: fc.constant('key' as const),
    answer: fc.constantFrom('y', ' ', '\u001b[B', '\u0003', '\t', '\r'),
  }),
);
