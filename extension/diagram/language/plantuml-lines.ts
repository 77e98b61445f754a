import type { TextSpan } from '../../lab/text-span.ts';

/** A line at which PlantUML stops. */
export interface Refusal {
  readonly span: TextSpan;
  /** What it wants instead. */
  readonly reason: string;
}

const name = String.raw`[-.\p{L}\p{N}_]+`;
const options = String.raw`(?:\s*\[.*\])?`;
const lines = {
  open: new RegExp(String.raw`^(network|group)(?:\s+${name})?\s*\{$`, 'u'),
  wrapper: /^nwdiag\s*\{$/,
  node: new RegExp(String.raw`^${name}${options}\s*;?$`, 'u'),
  peer: /^[\p{L}\p{N}_]+\s+--\s+[\p{L}\p{N}_]+\s*;?$/u,
  attribute: /^(?:address|color|width|description)\s*=\s*(?:"[^"]*"|.*?)\s*;?$/u,
  other:
    /^(?:\/\/.*|'.*|[@!].*|<style>|(?:title|header|footer|caption|legend|skinparam|scale|hide|mainframe)\b.*|\}?)$/u,
};

/**
 * PlantUML reads line by line, and each line has to be one of a few. Which ones of a text are not, by its rules as they
 * were found by trying; the text has an `@start…` line.
 */
export function plantumlRefusals(text: string): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const groups = new Map<string, number>();
  const open: { readonly kind: string; readonly number: number }[] = [];
  let number = 0;
  for (const { line, span } of statementLines(text)) {
    const [, kind] = lines.open.exec(line) ?? [];
    if (kind !== undefined) open.push({ kind, number: (number += 1) });
    else if (line === '}') open.pop();
    const group = open.findLast(block => block.kind === 'group')?.number;
    const reason = refusalOf(line) ?? (group === undefined ? undefined : doubleMember(line, group, groups));
    if (reason !== undefined) refusals.push({ span, reason });
  }
  return refusals;
}

/** Without comments and styles over several lines. */
function* statementLines(text: string): Generator<{ readonly line: string; readonly span: TextSpan }> {
  let end: string | undefined;
  let isAfterStart = false;
  for (const found of text.matchAll(/[^\r\n]+/g)) {
    const line = found[0].trim();
    const start = found.index + found[0].indexOf(line);
    isAfterStart ||= line.startsWith('@start');
    const opened = end === undefined ? endOf(line) : undefined;
    if (isAfterStart && end === undefined && opened === undefined)
      yield { line, span: { start, end: start + line.length } };
    end ??= opened;
    if (end !== undefined && line.includes(end)) end = undefined;
    if (line.startsWith('@end')) return;
  }
}

/** What ends the lines that this one begins; undefined: it stands for itself. */
function endOf(line: string): string | undefined {
  if (line.startsWith("/'")) return "'/";
  if (line === '<style>') return '</style>';
  return /^(?:title|legend)$/.test(line) ? 'end' : undefined;
}

function refusalOf(line: string): string | undefined {
  if (Object.values(lines).some(pattern => pattern.test(line))) return undefined;
  if (/^[#/]|\/\/|\/\*/.test(line)) return 'Its comments are lines of their own that begin with //.';
  if (/^(?:network|group)\b/.test(line)) return 'A block begins with its name and a brace on one line, nothing else.';
  if (line.includes('--')) return 'It connects two nodes, without hyphens, chains or attributes: "a -- b".';
  if (/^["']/.test(line)) return 'Its names have no quotes: letters, digits, "_", "-" and "." only.';
  if (/^label\b/.test(line)) return 'Of networks and groups it takes "description" instead of "label".';
  return 'It takes one statement a line, and no settings of nwdiag.';
}

function doubleMember(line: string, group: number, groups: Map<string, number>): string | undefined {
  if (lines.attribute.test(line)) return undefined;
  const [node] = lines.node.test(line) ? (new RegExp(`^${name}`, 'u').exec(line) ?? []) : [];
  if (node === undefined) return undefined;
  const other = groups.get(node);
  groups.set(node, other ?? group);
  return other === undefined || other === group ? undefined : 'A node is in one group at most.';
}
