import * as z from 'zod/mini';
import type { PlainPath } from './reading/plain-data.ts';

/** What a schema says of one place of a file. */
export interface SchemaPlace {
  /** The keys that a map there has, in the order in which they are best written. Undefined: it has no fixed keys. */
  readonly keys: readonly SchemaKey[] | undefined;
  /** Whether a map of names that the user gives can stand there. */
  readonly isNamed: boolean;
  readonly isList: boolean;
  readonly isScalar: boolean;
  /** All values, where there are only a few: `tiny`; `true` and `false`. */
  readonly words: readonly string[];
  /** The innermost key on the way there, which tells places apart: compare it with `nicKeys.switch` and the like. */
  readonly key: unknown;
}

export interface SchemaKey {
  readonly name: string;
  readonly description: string;
  readonly defaultValue: unknown;
  /** Without it the thing cannot be used. */
  readonly isNeeded: boolean;
}

type AnySchema = z.core.$ZodType;

/** The places of all files that one schema describes. */
export class SchemaPlaces {
  private readonly root: AnySchema;
  private readonly needed: ReadonlySet<unknown>;

  /** `needed`: keys without which their map cannot be used. */
  constructor(root: AnySchema, needed: readonly unknown[]) {
    this.root = root;
    this.needed = new Set(needed);
  }

  /** Undefined: the path leads to nothing that the schema knows. */
  at(path: PlainPath): SchemaPlace | undefined {
    let at = this.root;
    let key = this.root;
    for (const step of path) {
      const next = childOf(at, step);
      if (!next) return undefined;
      if (next.isKey) key = next.schema;
      at = next.schema;
    }
    return placeOf(at, key, this.needed);
  }

  /** One key of the map there. */
  key(path: PlainPath, name: string): SchemaKey | undefined {
    return this.at(path)?.keys?.find(key => key.name === name);
  }
}

function placeOf(at: AnySchema, key: AnySchema, needed: ReadonlySet<unknown>): SchemaPlace {
  const variants = variantsOf(at);
  const shapes = variants.flatMap(({ def }) => (def.type === 'object' ? [def.shape] : []));
  return {
    keys:
      shapes.length === 0 ? undefined : shapes.flatMap(shape => Object.entries(shape).map(one => keyOf(one, needed))),
    isNamed: variants.some(({ def }) => def.type === 'record'),
    isList: variants.some(({ def }) => def.type === 'array'),
    isScalar: variants.some(({ def }) => !['object', 'record', 'array'].includes(def.type)),
    words: variants.flatMap(({ def }) => {
      if (def.type === 'boolean') return ['true', 'false'];
      return def.type === 'enum' ? Object.values(def.entries).map(String) : [];
    }),
    key,
  };
}

function keyOf([name, schema]: readonly [string, AnySchema], needed: ReadonlySet<unknown>): SchemaKey {
  const meta = z.globalRegistry.get(schema);
  const isNeeded = needed.has(schema);
  return { name, description: meta?.description ?? '', defaultValue: meta?.['default'], isNeeded };
}

interface Child {
  readonly schema: AnySchema;
  /** A key with a description, not a name or an index. */
  readonly isKey: boolean;
}

function childOf(schema: AnySchema, step: string | number): Child | undefined {
  for (const { def } of variantsOf(schema)) {
    if (def.type === 'array' && typeof step === 'number') return { schema: def.element, isKey: false };
    if (def.type === 'record' && typeof step === 'string') return { schema: def.valueType, isKey: false };
    const own = def.type === 'object' && typeof step === 'string' && Object.hasOwn(def.shape, step);
    const value = own ? def.shape[step] : undefined;
    if (value) return { schema: value, isKey: true };
  }
  return undefined;
}

/** What can be written: a schema without its wrappings, or each of several that there are to choose from. */
function variantsOf(schema: AnySchema): readonly z.core.$ZodTypes['_zod'][] {
  const known = (schema as z.core.$ZodTypes)._zod;
  const { def } = known;
  if (def.type === 'optional') return variantsOf(def.innerType);
  if (def.type === 'pipe') return variantsOf(def.in);
  if (def.type === 'lazy') return variantsOf(def.getter());
  return def.type === 'union' ? def.options.flatMap(variantsOf) : [known];
}
