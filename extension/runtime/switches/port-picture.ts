import type { Plug } from '../../lab/plugs.ts';
import type { Traffic } from '../../vde/port-table.ts';
import type { SwitchCommand } from '../../vde/switch-commands.ts';
import type { HashEntry, PortFacts, SpanningTree, SpanningTreeFacts } from '../../vde/switch-tables.ts';
import type { PortOwner } from './port-owner.ts';
import type { RunningSwitch } from '../state.ts';

/** One port, with everything that is known of it. */
export interface PortPicture {
  readonly number: number;
  readonly isActive: boolean;
  /** Several may share a port. Empty: nobody is plugged in. */
  readonly owners: readonly PortOwner[];
  readonly untagged: number;
  /** Ascending. */
  readonly tagged: readonly number[];
  /** Of the spanning tree, by VLAN: `Forwarding`, `Discarding`, `Learning`. */
  readonly states: ReadonlyMap<number, string>;
  /** In the spanning tree of each VLAN: `Root`, `Designated`, `Alternate/Backup`, `Edge`, `Unknown`. Empty while it is off. */
  readonly roles: ReadonlyMap<number, string>;
  readonly macs: readonly HashEntry[];
  readonly received: Traffic | undefined;
  readonly sent: Traffic | undefined;
  /** Undefined until there were two looks. */
  readonly rate: PortRate | undefined;
  readonly planned: Plug | undefined;
  readonly drift: readonly Drift[];
}

/** Per second. */
export interface PortRate {
  readonly received: Traffic;
  readonly sent: Traffic;
}

/** A switch that runs: what it told, who hangs where, and how it differs from its lab file. */
export interface SwitchPicture {
  readonly of: RunningSwitch;
  readonly ports: readonly PortPicture[];
  readonly vlans: readonly number[];
  readonly facts: PortFacts;
  readonly stp: SpanningTreeFacts;
  /** One for each VLAN; empty while the spanning tree is off. */
  readonly trees: readonly SpanningTree[];
  /** All of it, that of the ports too. Undefined: no lab file is known that has this switch. */
  readonly drift: readonly Drift[] | undefined;
}

/** One way in which a running switch differs from its lab file. */
export interface Drift {
  readonly kind: 'port' | 'untagged' | 'tagged' | 'owner' | 'vlan' | 'stp' | 'priority' | 'ports' | 'hub' | 'tap';
  /** Undefined: it is about the switch. */
  readonly port: number | undefined;
  /** `untagged 10, file says 20` */
  readonly words: string;
  /** What makes it as the file says, live. Empty: nothing that a switch could be told. */
  readonly fix: readonly SwitchCommand<unknown>[];
}
