import type { Vm } from './model.ts';

type Ordered = Pick<Vm, 'name' | 'after'>;

/** A ring of VMs that wait for each other, `[a, b]` for a after b after a; undefined: there is none that this VM is in. */
export function ringOf(vm: Ordered, vms: ReadonlyMap<string, Ordered>): readonly string[] | undefined {
  const seen = new Set<string>();
  const way = (at: Ordered, path: readonly string[]): readonly string[] | undefined => {
    for (const name of at.after ?? []) {
      if (name === vm.name) return path;
      const next = vms.get(name);
      if (!next || seen.has(name)) continue;
      seen.add(name);
      const found = way(next, [...path, name]);
      if (found) return found;
    }
    return undefined;
  };
  return way(vm, [vm.name]);
}

/** In the order of the lab, but each behind those that it comes after. VMs in a ring come last. */
export function startOrder<V extends Ordered>(vms: readonly V[]): readonly V[] {
  const levels = new Map<string, number>();
  const byName = new Map(vms.map(vm => [vm.name, vm]));
  const levelOf = (vm: V, above: ReadonlySet<string>): number => {
    const known = levels.get(vm.name);
    if (known !== undefined) return known;
    if (above.has(vm.name)) return vms.length;
    const inside = new Set([...above, vm.name]);
    const before = (vm.after ?? []).flatMap(name => byName.get(name) ?? []).map(one => levelOf(one, inside));
    const level = before.length === 0 ? 0 : 1 + Math.max(...before);
    levels.set(vm.name, level);
    return level;
  };
  return vms
    .map(vm => ({ vm, level: levelOf(vm, new Set()) }))
    .sort((a, b) => a.level - b.level)
    .map(({ vm }) => vm);
}
