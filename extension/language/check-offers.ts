import { verbs } from '../lab/expectations/sentence.ts';
import { checkKeys, labKeys } from '../lab/schema.ts';
import type { Offer } from './completion-item.ts';
import type { LanguageFacts } from './facts.ts';
import { placeAt, switchNames, vmNames, type Place } from './place.ts';

/** What a sentence can speak of. */
interface SentenceNames {
  readonly vms: readonly string[];
  /** Groups and rows, of which several things are said. */
  readonly groups: readonly string[];
  readonly switches: readonly string[];
  readonly vlans: readonly string[];
}

/** The sentence of a check as far as it is typed, each time with one more part; so a sentence is chosen word by word. */
export function sentenceOffers(place: Place, facts: LanguageFacts): readonly Offer[] {
  // The name of a check, and its sentence behind it or behind `check`.
  if (place.cursor.path.length < 2) return [];
  const names: SentenceNames = {
    vms: vmNames(place, facts),
    groups: place.file.groups.map(({ name }) => name),
    switches: switchNames(place, facts),
    vlans: [...new Set(place.file.switches.flatMap(({ vlans }) => vlans))].map(vlan => `VLAN ${vlan}`),
  };
  return nextSentences(place.cursor.word.text, names).map(({ text, goesOn }) => {
    return { label: text.trimEnd(), filter: text, snippet: text, kind: 'thing', goesOn };
  });
}

/** Behind the blank that ends a half-typed sentence, which for YAML is no part of it. Undefined: there is none. */
export function sentenceAt(text: string, offset: number): Place | undefined {
  if (text[offset - 1] !== ' ' || !/^ *(?:[\r\n}]|$)/.test(text.slice(offset, offset + 100))) return undefined;
  const place = placeAt(text, offset - 1);
  const key = place?.schema.key;
  if (!place || (key !== labKeys.checks && key !== checkKeys.check)) return undefined;
  const { word } = place.cursor;
  const typed = { ...word, text: `${word.text} `, span: { ...word.span, end: offset } };
  return { ...place, cursor: { ...place.cursor, word: typed } };
}

interface NextSentence {
  readonly text: string;
  /** It is no whole sentence yet. */
  readonly goesOn: boolean;
}

/** `typed`: what stands there; its last word may be half typed. */
function nextSentences(typed: string, names: SentenceNames): readonly NextSentence[] {
  const all = [...names.vms, ...names.groups];
  const [subject] = [...all, ...names.switches, ...names.vlans]
    .filter(name => typed.startsWith(`${name} `))
    .sort(byLength);
  if (subject === undefined) return [...all, ...names.switches, ...names.vlans].map(name => open(`${name} `));
  const verb = verbs.find(one => typed.startsWith(`${subject} ${one} `));
  if (verb === undefined) return verbsOf(subject, names).map(one => verbOffer(subject, one));
  const head = `${subject} ${verb} `;
  if (verb.startsWith('get')) return rateOffers(head, typed, names);
  if (verb.endsWith('isolated from'))
    return [...all, ...names.vlans].filter(isNot(subject)).map(name => whole(head + name));
  const objects = [...all, ...names.switches].filter(isNot(subject));
  const [object] = objects.filter(name => typed.startsWith(`${head}${name} `)).sort(byLength);
  if (object === undefined) return objects.map(name => whole(head + name));
  return clausesBehind(verb, names.vms).map(clause => whole(`${head}${object} ${clause}`));
}

const byLength = (a: string, b: string): number => b.length - a.length;
const isNot = (subject: string) => (name: string) => name !== subject;
const open = (text: string): NextSentence => ({ text, goesOn: true });
const whole = (text: string): NextSentence => ({ text, goesOn: false });

type Verb = (typeof verbs)[number];

function verbsOf(subject: string, { vms, groups, switches }: SentenceNames): readonly Verb[] {
  const root: readonly Verb[] = switches.includes(subject) ? ['is the STP root'] : [];
  if (vms.includes(subject)) return ['reaches', 'must not reach', 'gets at least', 'is isolated from', ...root];
  if (groups.includes(subject)) return ['reach', 'must not reach', 'get at least', 'is isolated from', ...root];
  return root.length > 0 ? root : ['is isolated from'];
}

const verbOffer = (subject: string, verb: Verb): NextSentence =>
  verb === 'is the STP root' ? whole(`${subject} ${verb}`) : open(`${subject} ${verb} `);

function rateOffers(head: string, typed: string, { vms }: SentenceNames): readonly NextSentence[] {
  const [amount] = /^\S+ from /.exec(typed.slice(head.length)) ?? [];
  if (amount === undefined) return ['1Mbit', '10Mbit', '100Mbit'].map(one => open(`${head}${one} from `));
  return vms.filter(name => !head.startsWith(`${name} `)).map(name => whole(head + amount + name));
}

const clausesBehind = (verb: Verb, vms: readonly string[]): readonly string[] => [
  ...['on tcp/80', 'on tcp/22', 'on udp/53'],
  ...(verb === 'must not reach' ? [] : ['with at most 1% loss', 'within 50ms', ...vms.map(name => `through ${name}`)]),
];
