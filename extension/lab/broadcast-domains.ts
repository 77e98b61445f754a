import type { Wire } from './model.ts';

/**
 * Which ports hear each other's broadcasts: those of one VLAN on one switch, and of every switch that a wire joins in it.
 * VLAN 0 is that of ports without one.
 */
export class BroadcastDomains {
  private readonly parents = new Map<string, string>();

  constructor(wires: readonly Wire[]) {
    for (const { ends, vlan, tagged } of wires) {
      for (const shared of new Set([vlan ?? 0, ...tagged]))
        this.join(keyOf(ends[0].switch, shared), keyOf(ends[1].switch, shared));
    }
  }

  /** The same text for two ports exactly if they are in one domain. */
  of(name: string, vlan: number): string {
    return this.root(keyOf(name, vlan));
  }

  private join(one: string, other: string): void {
    this.parents.set(this.root(one), this.root(other));
  }

  private root(key: string): string {
    let root = key;
    for (let next = this.parents.get(root); next !== undefined && next !== root; next = this.parents.get(root))
      root = next;
    // The path is shortened, so that a long chain of switches is walked once.
    for (let at = key; at !== root;) {
      const next = this.parents.get(at) ?? root;
      this.parents.set(at, root);
      at = next;
    }
    return root;
  }
}

const keyOf = (name: string, vlan: number): string => `${vlan} ${name}`;
