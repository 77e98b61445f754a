import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { builtInDefaults } from '../../../extension/lab/defaults.ts';
import { labJsonSchema } from '../../../extension/lab/json-schema.ts';
import { labSchema } from '../../../extension/lab/schema.ts';
import { samples } from '../../support/samples.ts';

interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const schema: Schema = labJsonSchema();
const vm = schema.properties!['vms']!.additionalProperties as Schema;

/** Every key of the schema, by its path. */
function keysOf(one: Schema, path = ''): readonly (readonly [string, Schema])[] {
  const inner = Object.entries(one.properties ?? {}).flatMap(([name, key]) => [
    [`${path}.${name}`, key] as const,
    ...keysOf(key, `${path}.${name}`),
  ]);
  const others = [one.additionalProperties, one.items, ...(one.anyOf ?? [])].filter(other => typeof other === 'object');
  return [...inner, ...others.flatMap(other => keysOf(other, path))];
}

describe('JSON Schema', () => {
  test('describes every key', () => {
    const keys = keysOf(schema);

    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter(([, key]) => (key.description ?? '').length < 10).map(([path]) => path)).toEqual([]);
  });

  test('names the defaults that the reader uses', () => {
    const { memory, cpus, accel, vnc, model } = builtInDefaults;
    const defaults = schema.properties!['defaults']!.properties!;

    expect({ memory, cpus, accel, vnc }).toEqual({
      memory: vm.properties!['memory']!.default,
      cpus: vm.properties!['cpus']!.default,
      accel: vm.properties!['accel']!.default,
      vnc: vm.properties!['vnc']!.default,
    });
    expect([model, builtInDefaults.macPrefix]).toEqual([defaults['model']!.default, defaults['mac-prefix']!.default]);
  });

  test.each(samples)('takes the sample $name', ({ text }) => {
    const file: unknown = parse(text);

    // Both the schema itself and what is made of its JSON form.
    expect(labSchema.safeParse(file).error).toBeUndefined();
    expect(z.fromJSONSchema(labJsonSchema()).safeParse(file).error).toBeUndefined();
  });

  test('refuses an unknown key', () => {
    const fromJson = z.fromJSONSchema(labJsonSchema());

    expect(fromJson.safeParse({ vms: { a: { id: 1, nicks: [] } } }).success).toBe(false);
  });

  test('a tagged map with addresses is taken', () => {
    expect(
      labSchema.safeParse({ vms: { a: { nics: [{ switch: 'l', tagged: { 10: '10.0.0.1/24' } }] } } }).success,
    ).toBe(true);
  });
});
