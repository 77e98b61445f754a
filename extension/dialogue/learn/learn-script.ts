import { keyBytes, keyNames } from '../key-bytes.ts';
import type { Template } from '../install-script.ts';
import { actsOf, type Act } from './acts.ts';
import type { LearnedDeed, LearnedScript, LearnedStep } from './learned-script.ts';
import type { Recording } from './recording.ts';
import { SecretNames } from './secret-names.ts';
import { stableEnd } from './stable-end.ts';
import { strokesOf } from './strokes.ts';

/** A script waits for 60 s by itself; what took longer than this here gets a limit of its own. */
const longMs = 20_000;
/** Somebody waited on purpose: with nothing to wait for, or behind a line that asks nothing. */
const waitBlindMs = 3000;
const waitBehindLineMs = 5000;
const longestWaitMs = 10 * 60_000;

export interface Learned extends LearnedScript {
  /** The secrets, by their names in the script: to play it at once, and never to be stored. */
  readonly values: ReadonlyMap<string, string>;
}

/** The script that types what was typed in the recording, each time when what had been printed by then has come. */
export function learnScript(recording: Recording): Learned {
  const { acts, after } = actsOf(strokesOf(recording));
  const writer = new StepWriter(new SecretNames(acts));
  for (const act of acts) writer.add(act);
  writer.end(after);
  return { secrets: writer.secrets.all, steps: writer.steps, values: writer.secrets.values };
}

class StepWriter {
  steps: readonly LearnedStep[] = [];
  readonly secrets: SecretNames;
  /** Printed since the last pattern, with nothing in it to wait for. */
  private unmatched = '';

  constructor(secrets: SecretNames) {
    this.secrets = secrets;
  }

  add(act: Act): void {
    const expected = this.expect(act.seen, act.tookMs);
    const deed = deedOf(act, this.secrets);
    const wait = waitOf(act, expected.length > 0);
    const last = expected.at(-1);
    const joined = last || wait ? undefined : joinedDeed(this.steps.at(-1)?.deed, deed);
    if (joined) {
      this.steps = [...this.steps.slice(0, -1), { ...this.steps.at(-1), deed: joined }];
      return;
    }
    const [first, ...others] = wait ? [wait, ...writable(deed)] : writable(deed);
    const begin: LearnedStep = { ...last, ...(first && { deed: first }) };
    this.steps = [...this.steps, ...expected.slice(0, -1), begin, ...others.map(one => ({ deed: one }))];
  }

  /** What is there at the end has to come too. */
  end(printed: string): void {
    this.steps = [...this.steps, ...this.expect(printed, 0)];
  }

  private expect(printed: string, tookMs: number): readonly LearnedStep[] {
    const text = this.unmatched + printed;
    const isLineStart = !this.steps.some(({ expect }) => expect !== undefined);
    const patterns = stableEnd(text, { secrets: this.secrets.hidden, isLineStart });
    this.unmatched = patterns.length > 0 ? '' : text;
    return patterns.map(({ source }, at) => {
      return { expect: source, ...(at === 0 && tookMs > longMs ? { timeoutMs: limitFor(tookMs) } : {}) };
    });
  }
}

function deedOf(act: Act, secrets: SecretNames): LearnedDeed {
  if (act.kind === 'line') return { kind: 'send', text: secrets.mask(act.text, act.secretPrompt !== undefined) };
  const key = act.kind === 'key' ? nameOfKey(act.text) : undefined;
  return key === undefined
    ? { kind: 'type', text: secrets.mask(act.text, act.secretPrompt !== undefined) }
    : { kind: 'keys', keys: [key] };
}

/** A dollar right before a variable cannot be written: `$${` stands for `${`. */
function writable(deed: LearnedDeed): readonly LearnedDeed[] {
  if (deed.kind !== 'send' && deed.kind !== 'type') return [deed];
  const { kind, text } = deed;
  const at = text.findIndex((part, index) => typeof part !== 'string' && isDollar(text[index - 1]));
  if (at < 0) return [deed];
  return [{ kind: 'type', text: text.slice(0, at) }, ...writable({ kind, text: text.slice(at) })];
}

const isDollar = (part: Template[number] | undefined): boolean => typeof part === 'string' && part.endsWith('$');

function waitOf({ silentMs, seen }: Act, isExpected: boolean): LearnedDeed | undefined {
  const isPrompt = /\S[ \t]*$/.test(seen);
  const least = isExpected ? waitBehindLineMs : waitBlindMs;
  if (silentMs < least || (isExpected && isPrompt)) return undefined;
  return { kind: 'wait', ms: Math.min(longestWaitMs, Math.ceil(silentMs / 1000) * 1000) };
}

/** Three times what it took, in whole minutes. */
const limitFor = (tookMs: number): number => Math.ceil((tookMs * 3) / 60_000) * 60_000;

/** Keys behind keys are one step. */
function joinedDeed(first: LearnedDeed | undefined, second: LearnedDeed): LearnedDeed | undefined {
  if (first?.kind === 'keys' && second.kind === 'keys') return { kind: 'keys', keys: [...first.keys, ...second.keys] };
  if (first?.kind === 'type' && second.kind === 'type') return { kind: 'type', text: [...first.text, ...second.text] };
  return undefined;
}

const letters = Array.from('abcdefghijklmnopqrstuvwxyz@[\\]^_', letter => `ctrl-${letter}`);
/** What keys send, by that; `enter` goes before `ctrl-m`. */
const names = new Map(
  [...keyNames, ...letters].toReversed().map(name => [String.fromCharCode(...(keyBytes(name) ?? [])), name] as const),
);

/** Undefined: no key of a script sends this. */
const nameOfKey = (sent: string): string | undefined => (sent === '' ? undefined : names.get(sent));
