import type { ValueSpans, Vm } from '../model.ts';
import type { TextSpan } from '../text-span.ts';

/** `web-*` stands for the names of all VMs of the row `web`. */
export type RowNames = ReadonlyMap<string, readonly string[]>;

export function rowNames(vms: readonly Pick<Vm, 'name' | 'origin'>[]): RowNames {
  const rows = new Map<string, string[]>();
  for (const { name, origin } of vms) {
    if (!origin?.row) continue;
    const key = `${origin.row.name}-*`;
    rows.set(key, [...(rows.get(key) ?? []), name]);
  }
  return rows;
}

/** A list of VMs behind a key, with rows written out; each VM of a row has the place of what stands for the row. */
export function withRows(
  key: string,
  names: readonly string[],
  spans: ValueSpans,
  rows: RowNames,
): { readonly names: readonly string[]; readonly spans: ValueSpans } {
  if (!names.some(name => rows.has(name))) return { names, spans };
  const places: Record<string, TextSpan> = {};
  for (const [one, span] of Object.entries(spans)) if (!one.startsWith(`${key}.`)) places[one] = span;
  const all: string[] = [];
  for (const [index, name] of names.entries()) {
    for (const member of rows.get(name) ?? [name]) {
      const span = spans[`${key}.${index}`];
      if (span) places[`${key}.${all.length}`] = span;
      all.push(member);
    }
  }
  return { names: all, spans: places };
}
