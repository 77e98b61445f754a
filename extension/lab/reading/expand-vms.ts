import { countedUp, fittingCount } from './count-up.ts';
import type { VmOrigin } from '../model.ts';
import { didYouMean, shown } from '../names.ts';
import { isEmpty, type Scope } from './read-keys.ts';
import type { Template } from './read-templates.ts';
import { rowCount } from '../schema-values.ts';
import type { YamlEntry, YamlMap, YamlNode } from './yaml-node.ts';
import { sizeOf } from './yaml-tree.ts';

/** A VM as if it had been written out, with the places where its values really are. */
export interface WrittenOutVm {
  readonly entry: YamlEntry;
  readonly origin: VmOrigin | undefined;
}

/** How many values templates and rows may stand for in all: a file of 1 kB could otherwise stand for millions of VMs. */
const mostMadeValues = 150_000;
/** A VM costs more than its values. */
const valuesOfVm = 10;

/** Writes out what VMs have from their templates, and the VMs of rows. Other problems of an entry are for its reader. */
export function expandVms(
  scope: Scope,
  entries: readonly YamlEntry[],
  templates: ReadonlyMap<string, Template>,
): readonly WrittenOutVm[] {
  const own = new Map(entries.map(entry => [entry.key, entry]));
  let left = mostMadeValues;
  return entries.flatMap(entry => {
    const map = entry.value;
    if (map.kind !== 'map' || !map.entries.some(({ key }) => key === 'extends' || key === 'count'))
      return [{ entry, origin: undefined }];
    const template = templateOf(scope, map, templates);
    const merged = template ? withTemplate(map, template) : map;
    const of = template && { name: template.name, nameSpan: template.nameSpan, keys: keysOfTemplate(map, template) };
    const count = countOf(map);
    left -= merged.entries.reduce((size, { value }) => size + sizeOf(value), valuesOfVm) * (count ?? 1);
    if (left < 0) {
      scope.report('bad-value', entry.keySpan, tooMuch);
      return [{ entry, origin: undefined }];
    }
    const single: WrittenOutVm = { entry: { ...entry, value: merged }, origin: of && { template: of } };
    return count === undefined ? [single] : rowOf(scope, single, count, own);
  });
}

const tooMuch = `With this VM, templates and rows would stand for more than some ${mostMadeValues} values. Count fewer.`;

/** Undefined also if there is no such template, which is reported. */
function templateOf(
  { report, nearest }: Scope,
  map: YamlMap,
  templates: ReadonlyMap<string, Template>,
): Template | undefined {
  const node = valueOf(map, 'extends');
  if (node?.kind !== 'scalar' || isEmpty(node)) return undefined;
  const template = templates.get(node.text);
  if (template) return template;
  const hint = didYouMean(nearest.find(node.text, templates.keys())) || ' Add it under "templates:".';
  report('unknown-template', node.span, `There is no template "${shown(node.text)}" in this lab.${hint}`);
  return undefined;
}

const valueOf = (map: YamlMap, key: string): YamlNode | undefined =>
  map.entries.find(entry => entry.key === key)?.value;

/** What the VM says itself counts; a key without a value says nothing. */
const withTemplate = (map: YamlMap, template: Template): YamlMap => ({
  ...map,
  entries: [...map.entries, ...template.map.entries.filter(({ key }) => !saysItself(map, key))],
});

const keysOfTemplate = (map: YamlMap, template: Template): readonly string[] =>
  template.map.entries.flatMap(({ key }) => (saysItself(map, key) ? [] : [key]));

function saysItself(map: YamlMap, key: string): boolean {
  const own = valueOf(map, key);
  return own !== undefined && !isEmpty(own);
}

/** Undefined: it is not there, or the reader says what is wrong with it. */
function countOf(map: YamlMap): number | undefined {
  const node = valueOf(map, 'count');
  const read = node?.kind === 'scalar' ? rowCount.safeParse(node.value) : undefined;
  return read?.success === true ? read.data : undefined;
}

/** `web` with `count: 3` is web-1, web-2, web-3. One whose name another VM has is left to that one. */
function rowOf(
  scope: Scope,
  { entry, origin }: WrittenOutVm,
  wanted: number,
  own: ReadonlyMap<string, YamlEntry>,
): readonly WrittenOutVm[] {
  const map = entry.value;
  if (map.kind !== 'map') return [];
  const count = fittingCount(scope, map, wanted);
  const members = Array.from({ length: count }, (_, index): WrittenOutVm => {
    const row = { name: entry.key, number: index + 1, count: wanted };
    return {
      entry: { ...entry, key: `${entry.key}-${index + 1}`, value: countedUp(scope, map, index) },
      origin: { ...origin, row },
    };
  });
  return members.filter(({ entry: { key } }) => {
    const other = own.get(key);
    const message = `VM ${shown(key)} is one of the row ${shown(entry.key)} already. Rename this one or the row.`;
    if (other) scope.report('bad-name', other.keySpan, message);
    return !other;
  });
}
