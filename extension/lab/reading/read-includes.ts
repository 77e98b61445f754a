import type { IncludedFile } from '../model.ts';
import { shown } from '../names.ts';
import { asMap, isEmpty, readItems, readKeys, type Scope } from './read-keys.ts';
import { NearestName } from '../names.ts';
import { includedKeys, labKeys } from '../schema.ts';
import * as value from '../schema-values.ts';
import type { TextSpan } from '../text-span.ts';
import type { YamlEntry, YamlMap, YamlNode } from './yaml-node.ts';
import { readYaml } from './yaml-tree.ts';

type IncludedKey = keyof typeof includedKeys;

/** What stands in one included file. */
export interface IncludedPart {
  /** As the lab file names it. */
  readonly name: string;
  /** Where it does so. */
  readonly span: TextSpan;
  readonly nodes: Readonly<Partial<Record<IncludedKey, YamlNode>>>;
}

/** The names of the files that a lab file includes, as it says them; unusable ones are left out without a word. */
export function includedNames(root: YamlNode | undefined): readonly string[] {
  const node = root?.kind === 'map' ? root.entries.find(({ key }) => key === 'include')?.value : undefined;
  if (!node || isEmpty(node)) return [];
  const silent: Scope = { report: () => undefined, nearest: new NearestName() };
  return [...new Set(readItems(silent, 'include', node, value.includedPath, {}))];
}

/** Reads the files that a lab includes, of those that were brought. Each counts once. */
export function readIncluded(
  scope: Scope,
  names: readonly string[],
  spans: Readonly<Record<string, TextSpan>>,
  files: readonly IncludedFile[],
): readonly IncludedPart[] {
  const seen = new Set<string>();
  return names.flatMap((name, index) => {
    const span = spans[`include.${index}`] ?? { start: 0, end: 0 };
    const file = files.find(one => one.name === name);
    if (!file || 'refusal' in file) {
      scope.report(
        'include-failed',
        span,
        file?.refusal ?? `${shown(name)} is not read here: only a saved lab file includes others.`,
      );
      return [];
    }
    if (seen.has(file.path)) {
      scope.report('include-failed', span, `${shown(name)} is included already. Remove it here.`, 'warning');
      return [];
    }
    seen.add(file.path);
    return [{ name, span, nodes: readPart(scope, file.text, file.path) }];
  });
}

function readPart(scope: Scope, text: string, path: string): IncludedPart['nodes'] {
  const root = readYaml(text, scope.report, path);
  const map = asMap(scope, root, 'An included file', '"templates:" and "switches:"');
  if (!map) return {};
  const structured = ['templates', 'defaults', 'images', 'hosts', 'switches', 'vms'] as const;
  return readKeys(scope, withoutRefused(scope, map), includedKeys, structured).nodes;
}

function withoutRefused({ report }: Scope, map: YamlMap): YamlMap {
  const entries = map.entries.filter(({ key, keySpan }) => {
    const isOfLabs = Object.hasOwn(labKeys, key) && !Object.hasOwn(includedKeys, key);
    if (isOfLabs) report('unknown-key', keySpan, refusalOf(key));
    return !isOfLabs;
  });
  return { ...map, entries };
}

const refusalOf = (key: string): string =>
  key === 'include'
    ? 'An included file includes no further ones. Name them in the lab file itself.'
    : `${key} belongs into the lab file itself: an included file has templates, defaults, images, hosts, switches and vms.`;

/**
 * The entries of a section of all files of a lab, those of included files first. Of a name that is there twice the lab's
 * own one counts, else the first one; the other is reported where its file is included.
 */
export function mergedEntries(
  scope: Scope,
  section: { readonly key: Exclude<IncludedKey, 'defaults'>; readonly word: string; readonly example: string },
  own: YamlNode | undefined,
  parts: readonly IncludedPart[],
): readonly YamlEntry[] {
  const { key: sectionKey, word, example } = section;
  const entriesOf = (node: YamlNode | undefined) => asMap(scope, node, sectionKey, example)?.entries ?? [];
  const ownEntries = entriesOf(own);
  if (parts.length === 0) return ownEntries;
  const owners = new Map(ownEntries.map(({ key }) => [key, 'this file']));
  const included = parts.flatMap(part =>
    entriesOf(part.nodes[sectionKey]).filter(({ key }) => {
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, part.name);
      else
        scope.report(
          'bad-name',
          part.span,
          `${shown(part.name)} has a ${word} "${shown(key)}", and ${shown(owner)} has one too. Rename one of them.`,
        );
      return owner === undefined;
    }),
  );
  return [...included, ...ownEntries];
}
