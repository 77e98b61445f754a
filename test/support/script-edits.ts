import fc from 'fast-check';
import { quote } from '../../extension/script/quote.ts';

/** One thing that a user does to the settings block of a script. `at` picks a line or a variable, whatever there is. */
export type HandEdit =
  | { readonly kind: 'set'; readonly at: number; readonly value: string | readonly string[] }
  | { readonly kind: 'calculate'; readonly at: number }
  | { readonly kind: 'delete'; readonly at: number }
  | { readonly kind: 'comment'; readonly at: number; readonly text: string }
  | { readonly kind: 'insert'; readonly at: number; readonly line: string };

const word = fc.string({ unit: 'binary', maxLength: 8 }).map(text => text.replaceAll('\0', '').toWellFormed());
const at = fc.nat(40);

/** Lines of the user's own; each is there once. */
const ownLine = fc
  .nat(9999)
  .chain(number =>
    fc.constantFrom(
      `# note ${number}`,
      `MINE_${number}='a  b'`,
      `EXTRA+=(-name own${number})`,
      `[[ -e /x${number} ]] && true`,
      `export OWN_${number}=1`,
      `if true; then : own${number}; fi`,
      `ONE_${number}=1 TWO_${number}="x y"; THREE_${number}=3`,
      `X_${number}='two\nlines'`,
    ),
  );

export const handEdit: fc.Arbitrary<HandEdit> = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    at,
    value: fc.oneof(word, fc.array(word, { maxLength: 3 }), fc.constantFrom('512M', '1G', '2', 'kvm', 'lan', '')),
  }),
  fc.record({ kind: fc.constant('calculate' as const), at }),
  fc.record({ kind: fc.constant('delete' as const), at }),
  fc.record({ kind: fc.constant('comment' as const), at, text: fc.constantFrom('# mine', '# why: "it\'s"', '') }),
  fc.record({ kind: fc.constant('insert' as const), at, line: ownLine }),
);

const startLine = '# --- settings: yours to change ---\n';
const endLine = '# --- end of settings ---\n';

/** Cuts a script at its settings block. */
export function cutScript(text: string): readonly [head: string, block: string, tail: string] {
  const from = text.indexOf(startLine) + startLine.length;
  const to = text.indexOf(`\n${endLine}`) + 1;
  return [text.slice(0, from), text.slice(from, to), text.slice(to)];
}

/** What becomes of a script; and the lines that were put in. */
export function editScript(
  text: string,
  edits: readonly HandEdit[],
): { readonly text: string; readonly inserted: readonly string[] } {
  const [head, block, tail] = cutScript(text);
  const lines = block.split('\n').slice(0, -1);
  const settings = [...lines];
  for (const edit of edits.filter(({ kind }) => kind !== 'insert')) {
    const index = edit.at % settings.length;
    settings[index] = editLine(settings[index] ?? '', edit);
  }
  const inserted = new Map(
    edits.flatMap(edit => (edit.kind === 'insert' ? [[edit.line, edit.at % (settings.length + 1)] as const] : [])),
  );
  const all = settings.flatMap((line, index) => [...putAt(index), ...(line === '' ? [] : [line])]);
  const written = [...all, ...putAt(settings.length)].map(line => `${line}\n`).join('');
  return { text: head + written + tail, inserted: [...inserted.keys()] };

  function putAt(index: number): readonly string[] {
    return [...inserted].flatMap(([line, place]) => (place === index ? [line] : []));
  }
}

function editLine(line: string, edit: HandEdit): string {
  const name = /^\w+(?==)/.exec(line)?.[0];
  if (name === undefined || edit.kind === 'insert') return line;
  if (edit.kind === 'delete') return '';
  if (edit.kind === 'calculate') return `${name}=$((1 + 1))"$HOME"`;
  if (edit.kind === 'comment') return `${line.replace(/ +#.*$/, '')} ${edit.text}`.trimEnd();
  const value = typeof edit.value === 'string' ? quote(edit.value) : `(${edit.value.map(quote).join(' ')})`;
  return `${name}=${value}`;
}
