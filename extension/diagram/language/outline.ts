import type { TextSpan } from '../../lab/text-span.ts';
import type { BlockStatement, DiagSyntax, Statement, Word } from './syntax.ts';

export interface OutlineEntry {
  readonly kind: 'network' | 'group' | 'route' | 'node' | 'peer' | 'class';
  readonly name: string;
  /** The first address, or a caption; empty: nothing. */
  readonly detail: string;
  readonly span: TextSpan;
  /** Lies in `span`. */
  readonly nameSpan: TextSpan;
  readonly children: readonly OutlineEntry[];
}

/** What a diagram's file holds, as an editor lists it. */
export const diagOutline = ({ statements }: Pick<DiagSyntax, 'statements'>): readonly OutlineEntry[] =>
  statements.flatMap(entryOf);

function entryOf(statement: Statement): readonly OutlineEntry[] {
  const { span } = statement;
  switch (statement.kind) {
    case 'network':
    case 'group':
    case 'route':
      return [blockEntry(statement)];
    case 'node': {
      const { id, options } = statement;
      const [address] = options.filter(one => one.name.value === 'address');
      const detail = address?.value?.value ?? '';
      return [{ kind: 'node', name: nameOf(id), detail, span, nameSpan: id.span, children: [] }];
    }
    case 'peer':
    case 'arrow': {
      const sign = statement.kind === 'peer' ? ' -- ' : ' -> ';
      const name = statement.ids.map(nameOf).join(sign);
      return [{ kind: 'peer', name, detail: '', span, nameSpan: span, children: [] }];
    }
    case 'class':
      return [
        { kind: 'class', name: nameOf(statement.id), detail: 'class', span, nameSpan: statement.id.span, children: [] },
      ];
    case 'attribute':
    case 'plugin':
    case 'directive':
      return [];
  }
}

function blockEntry({ kind, id, body, span, headSpan }: BlockStatement): OutlineEntry {
  const wanted = kind === 'network' ? ['address', 'label', 'description'] : ['label', 'description'];
  const attributes = body.filter(one => one.kind === 'attribute');
  const found = wanted.flatMap(name => attributes.filter(one => one.name.value === name))[0];
  return {
    ...{ kind, name: id ? nameOf(id) : `(${kind})`, detail: found?.value.value ?? '', span },
    ...{ nameSpan: id?.span ?? headSpan, children: body.flatMap(entryOf) },
  };
}

/** An editor refuses an entry without a name. */
const nameOf = ({ value }: Word): string => (value.trim() === '' ? '""' : value);

/** What can be folded: blocks and comments over several lines, lines of comments one under the other. */
export function diagFolds(text: string, { statements, comments }: DiagSyntax): readonly TextSpan[] {
  const blocks = statements.flatMap(blocksIn).map(block => block.span);
  const runs: { start: number; end: number }[] = [];
  for (const { start, end } of comments) {
    const last = runs.at(-1);
    if (last && /^[ \t]*\r?\n[ \t]*$/.test(text.slice(last.end, start))) last.end = end;
    else runs.push({ start, end });
  }
  return [...blocks, ...runs].filter(({ start, end }) => text.slice(start, end).includes('\n'));
}

const blocksIn = (statement: Statement): readonly BlockStatement[] =>
  'body' in statement ? [statement, ...statement.body.flatMap(blocksIn)] : [];
