import type { ValueSpans, Wire } from '../model.ts';
import { isUrl, readOutsideEnd } from '../outside.ts';
import { asMap, noKeys, readKeys, type Scope } from './read-keys.ts';
import { faultNodes, faultsOf } from './read-faults.ts';
import { wireKeys } from '../schema.ts';
import type { TextSpan } from '../text-span.ts';
import type { YamlNode } from './yaml-node.ts';

/** A wire before it has its name and ports. */
export interface DraftWire extends Pick<Wire, 'vlan' | 'tagged' | 'faults' | 'span'> {
  readonly between: readonly [string, string];
  readonly spans: ValueSpans;
}

/** Undefined while it does not name two switches. */
export function readWire(scope: Scope, item: YamlNode): DraftWire | undefined {
  const map = asMap(scope, item, 'A wire', '"between: [lan, dmz]"') ?? noKeys(item.span);
  const { values, nodes, spans } = readKeys(scope, map, wireKeys, ['between', ...faultNodes]);
  const faults = faultsOf(scope, { values, nodes, spans });
  const between = readEnds(nodes.between, spans);
  if (between?.some(isUrl) === true && !isOutsideFine(scope, between, spans, faults !== undefined)) return undefined;
  const tagged = unique(values.tagged ?? []);
  if (between) return { between, vlan: values.vlan, tagged, ...(faults ? { faults } : {}), span: item.span, spans };
  const span = nodes.between?.span ?? item.span;
  scope.report('missing-key', span, 'A wire joins two switches. Write "between: [lan, dmz]" with the names of two.');
  return undefined;
}

/** A wire that leaves the lab: its switch first, then a URL; nothing is wrong with it. */
function isOutsideFine(
  scope: Scope,
  [from, to]: readonly [string, string],
  spans: ValueSpans,
  isBad: boolean,
): boolean {
  const refuse = (key: string, message: string): boolean => {
    const span = spans[key] ?? spans['between'];
    if (span) scope.report('bad-value', span, message);
    return false;
  };
  if (isUrl(from))
    return refuse(
      'between.0',
      'A wire begins at a switch of this lab. Write its name first, then where the wire leads.',
    );
  const end = readOutsideEnd(to);
  if (typeof end === 'string') return refuse('between.1', end);
  if (isBad)
    return refuse(
      'between.1',
      'Faults are for wires between switches of one lab. Put this one behind a switch of its own.',
    );
  return true;
}

function readEnds(node: YamlNode | undefined, spans: Record<string, TextSpan>): readonly [string, string] | undefined {
  if (node?.kind !== 'list') return undefined;
  const texts = node.items.map(item => (item.kind === 'scalar' && item.value !== null ? item.text : undefined));
  node.items.forEach((item, index) => (spans[`between.${index}`] = item.span));
  const [from, to] = texts;
  return from !== undefined && to !== undefined && texts.length === 2 ? [from, to] : undefined;
}

const unique = <Value>(values: readonly Value[]): readonly Value[] => [...new Set(values)];
