import type { Pin } from '../model.ts';
import { asMap, noKeys, readKeys, type Scope } from './read-keys.ts';
import { pictureKeys, pinKeys } from '../schema.ts';
import type { YamlNode } from './yaml-node.ts';

/** The pins that have both a column and a row. */
export function readPins(scope: Scope, node: YamlNode | undefined): readonly Pin[] {
  const map = asMap(scope, node, 'picture', '"pins: { fw: { column: 0, row: 1 } }"');
  if (!map) return [];
  const { nodes } = readKeys(scope, map, pictureKeys, ['pins']);
  const pins = asMap(scope, nodes.pins, 'pins', '"fw: { column: 0, row: 1 }"')?.entries ?? [];
  return pins.flatMap(({ key, keySpan, value }) => {
    const place = asMap(scope, value, key, '"column: 0" and "row: 1"') ?? noKeys(keySpan);
    const { values, spans } = readKeys(scope, place, pinKeys);
    const { column, row } = values;
    if (column !== undefined && row !== undefined) return [{ name: key, column, row, nameSpan: keySpan }];
    if (!('column' in spans && 'row' in spans))
      scope.report(
        'missing-key',
        keySpan,
        `The pin of ${key} needs a column and a row. Pin it in the picture again.`,
        'warning',
      );
    return [];
  });
}
