import { branchKeys, installKeys, installStepKeys as stepKeys, variableKeys } from '../../dialogue/install-schema.ts';
import { keyNames } from '../../dialogue/key-bytes.ts';
import { itemsOf, snippetText, type Completion, type Offer } from '../completion-item.ts';
import { schemaCursorAt, type SchemaCursor } from '../place.ts';
import { completeAt, type PlaceOffers } from '../schema-completion.ts';
import { installPlaces, looseVariables, namesOfSteps } from './install-places.ts';
import { mayStandBeside } from './step-keys.ts';

/** What completion needs to know beyond the text. */
export interface InstallFacts {
  /** Paths as the script names them: from its own folder. */
  readonly files: (kind: 'script' | 'cdrom') => Promise<readonly string[]>;
}

/** What can be typed at an offset of an install script. Undefined: nothing is known there. */
export async function installCompletionAt(
  text: string,
  offset: number,
  facts: InstallFacts,
): Promise<Completion | undefined> {
  const place = schemaCursorAt(text, offset, installPlaces);
  if (!place) return undefined;
  return variableCompletion(text, offset, place) ?? completeAt(text, place, offersOf(facts));
}

const offersOf = (facts: InstallFacts): PlaceOffers<SchemaCursor> => ({
  values: place => valueOffers(place, facts),
  things: (place, inner) =>
    Promise.resolve(typeof place.cursor.path.at(-1) === 'number' ? stepOffers(place, inner) : []),
  lists: () => undefined,
  mayHave: ({ schema, cursor }, name) => {
    const isOwn = cursor.part === 'key';
    const there = isOwn ? (cursor.map?.entries ?? []).filter(one => one !== cursor.own).map(({ key }) => key) : [];
    return !isStep(schema) || mayStandBeside(name, there, isBranch(schema));
  },
});

const isStep = ({ keys }: SchemaCursor['schema']): boolean => keys?.some(({ name }) => name === 'send') ?? false;
const isBranch = ({ keys = [] }: SchemaCursor['schema']): boolean => keys.length === Object.keys(branchKeys).length;

/** Behind `${`, also in the middle of a text. */
function variableCompletion(text: string, offset: number, { cursor, tree }: SchemaCursor): Completion | undefined {
  const { word } = cursor;
  const typed = /(?<!\$)\$\{([\w-]*)$/.exec(text.slice(word.span.start, offset));
  if (cursor.part !== 'value' || !typed) return undefined;
  const rest = /^[\w-]*\}?/.exec(text.slice(offset, word.span.end))?.[0] ?? '';
  const names = [...new Set([...looseVariables(tree).map(({ name }) => name), ...namesOfSteps(tree.root)])];
  const inText = { ...cursor, lacks: '' as const, word: { ...word, quote: '' as const } };
  const items = itemsOf(names.map(variableOffer), inText);
  return { items, span: { start: offset - typed[0].length, end: offset + rest.length }, isIncomplete: false };
}

const variableOffer = (name: string): Offer => ({
  label: `\${${name}}`,
  snippet: snippetText(`\${${name}}`),
  kind: 'reference',
});

type Source = (place: SchemaCursor, facts: InstallFacts) => readonly Offer[] | Promise<readonly Offer[]>;

async function valueOffers(place: SchemaCursor, facts: InstallFacts): Promise<readonly Offer[]> {
  const source = sources.get(place.schema.key);
  return source ? source(place, facts) : place.schema.words.map(label => ({ label }));
}

const fixed =
  (...offers: readonly Offer[]): Source =>
  () =>
    offers;

const times = (...labels: readonly string[]): Source =>
  fixed(...labels.map(label => ({ label, kind: 'number' as const })));

/** What the text says of its variables, best first. */
const variables: Source = ({ tree }) =>
  looseVariables(tree).map(({ name, description, value, isSecret }) => ({
    ...variableOffer(name),
    // A text that begins with it is a text; in quotes it reads better beside others.
    snippet: snippetText(`"\${${name}}"`),
    detail: isSecret ? 'secret' : (description ?? value),
  }));

const prompts = fixed(
  { label: '"login:"', value: 'login:', filter: 'login:' },
  { label: '"Password:"', value: 'Password:', filter: 'Password:' },
  { label: 'shell prompt', value: '/[#$] ?$/', filter: '/[#$] ?$/', detail: 'of root or another user' },
);

const files =
  (kind: 'script' | 'cdrom', ...more: readonly Offer[]): Source =>
  async (_place, facts) => [...more, ...(await facts.files(kind)).map(label => ({ label, kind: 'file' as const }))];

const keys = fixed(...[...keyNames, 'ctrl-c', 'ctrl-d'].map(label => ({ label })));

const sources: ReadonlyMap<unknown, Source> = new Map<unknown, Source>([
  [stepKeys.send, variables],
  [stepKeys.type, variables],
  [stepKeys.expect, prompts],
  [stepKeys.until, prompts],
  [stepKeys.while, prompts],
  [branchKeys.expect, prompts],
  [stepKeys.keys, keys],
  [stepKeys.include, files('script')],
  [stepKeys.cd, files('cdrom', { label: 'eject', detail: 'takes the CD out' })],
  [stepKeys.timeout, times('30s', '2m', '10m')],
  [installKeys.timeout, times('30s', '60s', '5m')],
  [installKeys.typing, times('5ms', '20ms', '50ms')],
  [stepKeys.wait, times('1s', '5s')],
  [stepKeys.silence, times('1s', '5s')],
  [stepKeys.repeat, times('5', '20')],
  [variableKeys.default, fixed()],
]);

/** Whole steps, where an item of a list of steps begins. */
function stepOffers({ schema }: SchemaCursor, inner: number): readonly Offer[] {
  if (!isStep(schema)) return [];
  const step = (label: string, detail: string, ...lines: readonly string[]): Offer => ({
    ...{ label, detail, kind: 'thing', snippet: lines.join(`\n${' '.repeat(inner)}`) },
  });
  const answer = step('expect, then send', 'an answer to a prompt', 'expect: "$1"', 'send: "$2"');
  if (isBranch(schema)) return [answer];
  return [
    answer,
    step(
      'first of several',
      'what comes first says what is done',
      'first-of:',
      '  - expect: "$1"',
      '    send: "$2"',
      '  - expect: "$3"',
      '    send: "$4"',
    ),
    step(
      'again and again',
      'until something comes',
      'repeat: ${1:20}',
      'until: "$2"',
      'steps:',
      '  - keys: ${3:enter}',
    ),
  ];
}
