import { readAmount } from '../fault-amounts.ts';
import { didYouMean, NearestName, shown } from '../names.ts';

/** What the sentence of a check says. Names are as they were written: `pc`, `web/1`, `seat-*`, `VLAN 10`. */
export type Sentence =
  /** `port` undefined: it answers ping. `through`: a VM that the way leads through. */
  | {
      readonly kind: 'reach';
      readonly from: Word;
      readonly to: Word;
      readonly isForbidden: boolean;
      readonly port: CheckPort | undefined;
      readonly through: Word | undefined;
    }
  /** Percent that may get lost, and mean milliseconds there and back; one of them at least. */
  | {
      readonly kind: 'ping';
      readonly from: Word;
      readonly to: Word;
      readonly loss: number | undefined;
      readonly ms: number | undefined;
    }
  /** `to` gets so many bits a second from `from`. */
  | { readonly kind: 'rate'; readonly from: Word; readonly to: Word; readonly bits: number }
  /** Neither hears the other on layer 2. */
  | { readonly kind: 'apart'; readonly one: Word; readonly other: Word }
  /** VLAN 0: the tree of ports without one. */
  | { readonly kind: 'root'; readonly switch: Word; readonly vlan: number };

export interface CheckPort {
  readonly protocol: 'tcp' | 'udp';
  readonly number: number;
}

/** A name in a sentence, and where it begins in it. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

/** Why a text is no sentence: what to do about it, and which part of the text is meant. */
export interface SentenceMistake {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** What stands between the subject and the object; the rest of each sentence is a matter of its clauses. */
export const verbs = [
  'reaches',
  'reach',
  'must not reach',
  'gets at least',
  'get at least',
  'is isolated from',
  'are isolated from',
  'is the STP root',
] as const;

const ways = {
  port: { pattern: /^ on (tcp|udp)\/(\d{1,5})(?= |$)/, example: 'on tcp/80' },
  through: { pattern: /^ through (\S+)/, example: 'through fw' },
  loss: { pattern: /^ with at most (\d{1,3}(?:\.\d{1,2})?)% loss(?= |$)/, example: 'with at most 1% loss' },
  ms: { pattern: /^ within (\d{1,5}(?:\.\d{1,3})?)(ms|s)(?= |$)/, example: 'within 50ms' },
} as const;
type Way = keyof typeof ways;

/** What can be said of how something is reached. */
const clauses: readonly string[] = Object.values(ways).map(({ example }) => example);

class Mistake extends Error {
  readonly mistake: SentenceMistake;

  constructor(message: string, start: number, end: number) {
    super(message);
    this.mistake = { message, start, end };
  }
}

/** Reads a sentence strictly: words are parted by one blank each, and none is left over. */
export function readSentence(text: string): Sentence | SentenceMistake {
  try {
    return sentenceOf(text);
  } catch (error) {
    if (error instanceof Mistake) return error.mistake;
    throw error;
  }
}

export const isMistake = (read: Sentence | SentenceMistake): read is SentenceMistake => 'message' in read;

function sentenceOf(text: string): Sentence {
  const [subject = ''] = /^(?:VLAN \d+|\S*)/.exec(text) ?? [];
  const behind = text.slice(subject.length);
  const verb = verbs.find(one => behind.startsWith(` ${one}`) && /^( |$)/.test(behind.slice(one.length + 1)));
  if (subject === '' || verb === undefined) throw noVerb(text, subject.length);
  const at = subject.length + 1 + verb.length;
  const from = { text: subject, at: 0 };
  if (verb === 'is the STP root') return rootOf(text, from, at);
  if (verb.endsWith('isolated from')) {
    const other = objectOf(text, at, 'blue');
    expectEnd(text, other.at + other.text.length, 'This sentence ends behind its second name.');
    return { kind: 'apart', one: from, other };
  }
  if (verb.startsWith('get')) return rateOf(text, from, at);
  const to = objectOf(text, at, 'web');
  return reachOf(text, { from, to, isForbidden: verb === 'must not reach' }, to.at + to.text.length);
}

function noVerb(text: string, end: number): Mistake {
  const rest = text.slice(end).trim();
  const [word = ''] = /^\S*/.exec(rest) ?? [];
  const hint = didYouMean(new NearestName().find(word, ['reaches', 'must', 'gets', 'is']));
  const start = word === '' ? 0 : text.indexOf(word, end);
  const what = word === '' ? 'A check is a sentence' : `"${shown(word)}" is no verb of a check`;
  const message = `${what}.${hint} Write it as "pc reaches web on tcp/80"; others: must not reach, gets at least, is isolated from, is the STP root.`;
  return new Mistake(message, start, word === '' ? text.length : start + word.length);
}

/** The name that begins at an offset, behind a blank. */
function objectOf(text: string, at: number, example: string): Word {
  const [, name = ''] = /^ (VLAN \d+|\S+)/.exec(text.slice(at)) ?? [];
  if (name !== '') return { text: name, at: at + 1 };
  throw new Mistake(`The name of a VM or switch is missing at the end, such as ${example}.`, 0, text.length);
}

function expectEnd(text: string, at: number, message: string): void {
  if (at < text.length) throw new Mistake(`${message} Remove "${shown(text.slice(at).trim())}".`, at, text.length);
}

function rootOf(text: string, name: Word, at: number): Sentence {
  const [clause = '', digits] = /^ of VLAN (\d{1,4})$/.exec(text.slice(at)) ?? [];
  expectEnd(text, at + clause.length, 'Only "of VLAN 10" may follow.');
  return { kind: 'root', switch: name, vlan: Number(digits ?? 0) };
}

function rateOf(text: string, to: Word, at: number): Sentence {
  const [head = '', amount = ''] = /^ (\S+) from(?= )/.exec(text.slice(at)) ?? [];
  const bytes = readAmount('speed', amount)?.value ?? 0;
  if (bytes <= 0) {
    const message = 'Say how much, and from which VM: "pc gets at least 5Mbit from web".';
    throw new Mistake(message, Math.min(at + 1, text.length), text.length);
  }
  const from = objectOf(text, at + head.length, 'web');
  expectEnd(text, from.at + from.text.length, 'This sentence ends behind the VM that sends.');
  return { kind: 'rate', from, to, bits: 8 * bytes };
}

interface Reach {
  readonly from: Word;
  readonly to: Word;
  readonly isForbidden: boolean;
}

function reachOf(text: string, reach: Reach, end: number): Sentence {
  const found = clausesOf(text, reach, end);
  const loss = found.get('loss')?.groups[0];
  const time = found.get('ms')?.groups;
  const { from, to, isForbidden } = reach;
  if (loss === undefined && !time) return { kind: 'reach', from, to, isForbidden, ...portAndWay(text, found) };
  const ms = time && Number(time[0]) * (time[1] === 's' ? 1000 : 1);
  return { kind: 'ping', from, to, loss: loss === undefined ? undefined : Number(loss), ms };
}

/** What is said in a clause, and where it begins. */
type Clauses = ReadonlyMap<Way, { readonly groups: readonly string[]; readonly at: number }>;

function clausesOf(text: string, reach: Reach, end: number): Clauses {
  const found = new Map<Way, { readonly groups: readonly string[]; readonly at: number }>();
  for (let at = end; at < text.length;) {
    if (text.startsWith(' and ', at)) at += 4;
    const rest = text.slice(at);
    const way = (Object.keys(ways) as Way[]).find(one => ways[one].pattern.test(rest));
    const start = Math.min(at + 1, text.length - 1);
    if (!way) {
      const message = `Nothing is known as "${shown(rest.trim())}". What can be said there: ${clauses.join(', ')}.`;
      throw new Mistake(message, start, text.length);
    }
    const [whole = '', ...groups] = ways[way].pattern.exec(rest) ?? [];
    const message = refusal(reach, [...found.keys()], way);
    if (message !== undefined) throw new Mistake(message, start, at + whole.length);
    found.set(way, { groups, at });
    at += whole.length;
  }
  return found;
}

function portAndWay(
  text: string,
  found: Clauses,
): { readonly port: CheckPort | undefined; readonly through: Word | undefined } {
  const { port, through } = { port: found.get('port'), through: found.get('through') };
  const [protocol, digits] = port?.groups ?? [];
  const number = Number(digits);
  if (port && (number < 1 || number > 65535)) {
    const start = text.indexOf(digits ?? '', port.at);
    throw new Mistake('A port is a number from 1 to 65535.', start, start + (digits?.length ?? 0));
  }
  const by = through?.groups[0];
  return {
    port: port && { protocol: protocol === 'udp' ? 'udp' : 'tcp', number },
    through: by === undefined || !through ? undefined : { text: by, at: through.at + ' through '.length },
  };
}

/** Why a clause cannot stand there; undefined: it can. */
function refusal({ isForbidden }: Reach, before: readonly Way[], way: Way): string | undefined {
  if (before.includes(way)) return 'This is said twice. Remove one of them.';
  if (isForbidden && way !== 'port') return 'What must not be reached has no way, loss or time. Remove this.';
  const isPing = (one: Way): boolean => one === 'loss' || one === 'ms';
  if (before.some(one => isPing(one) !== isPing(way)))
    return 'Loss and time are measured with ping, so they go with no port and no way. Make two checks of it.';
  return undefined;
}
