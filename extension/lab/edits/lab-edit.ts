import type { Document } from 'yaml';
import type { Lab } from '../model.ts';
import type { dataOf, Plain, PlainPath, PlainRecord } from '../reading/plain-data.ts';
import type { TextSpan } from '../text-span.ts';
import type { WireFaults } from '../wire-faults.ts';
import type { TextEdit } from './yaml-edit.ts';

/** A place in the picture's grid: columns from 0; rows: how many buses lie above. */
export interface PinPlace {
  readonly column: number;
  readonly row: number;
}

/** Things of a lab by their names; NICs counted from 1. */
export type LabThing =
  | NamedThing<'vm'>
  | NamedThing<'switch'>
  | NamedThing<'wire'>
  | NamedThing<'group'>
  | { readonly kind: 'nic'; readonly vm: string; readonly nic: number };

interface NamedThing<Kind extends string> {
  readonly kind: Kind;
  readonly name: string;
}

/** One change of a lab as a user thinks of it. */
export type LabEdit =
  | { readonly kind: 'addVm'; readonly name: string; readonly id: number; readonly switches: readonly string[] }
  | { readonly kind: 'addSwitch'; readonly name: string }
  /** A whole VM, and switches that are not there yet, with their entries. */
  | { readonly kind: 'importVm'; readonly name: string; readonly vm: PlainRecord; readonly switches: PlainRecord }
  | { readonly kind: 'addNic'; readonly vm: string; readonly switch: string }
  | { readonly kind: 'moveNic'; readonly vm: string; readonly nic: number; readonly switch: string }
  /** Empty: none. */
  | {
      readonly kind: 'setAddresses';
      readonly vm: string;
      readonly nic: number;
      readonly addresses: readonly string[];
    }
  /** Gives keys of VMs and switches other values, undefined: takes them out. Paths start in the thing's entry. */
  | {
      readonly kind: 'setKeys';
      readonly keys: readonly {
        readonly thing: NamedThing<'vm'> | NamedThing<'switch'>;
        readonly path: PlainPath;
        readonly value: Plain | undefined;
      }[];
    }
  /** What is wrong with a wire, all of it. */
  | {
      readonly kind: 'setFaults';
      readonly thing: NamedThing<'wire'> | Extract<LabThing, { kind: 'nic' }>;
      readonly faults: WireFaults;
    }
  | { readonly kind: 'addWire'; readonly between: readonly [string, string] }
  /** Of a VM also the name of a row: its VMs are named after it. */
  | { readonly kind: 'rename'; readonly thing: 'vm' | 'switch' | 'group'; readonly from: string; readonly to: string }
  /** Puts VMs into a group, which is made where there is none, and out of the ones they were in. Undefined: into none. */
  | { readonly kind: 'group'; readonly vms: readonly string[]; readonly group: string | undefined }
  /** With all that refers to them: a switch's NICs and wires, a VM's place in its group. Rows count fewer, from their end. */
  | { readonly kind: 'remove'; readonly things: readonly LabThing[] }
  /** By the names that nodes have in the picture (`fw`, `lan/uplink`). Undefined: not pinned. */
  | { readonly kind: 'pin'; readonly pins: ReadonlyMap<string, PinPlace | undefined> };

/** Edits in their order that do not overlap; or why there are none, for people. */
export type LabEditResult =
  | {
      readonly kind: 'edits';
      readonly edits: readonly TextEdit[];
      /** What else they change than was asked for, for people: one sentence each. */
      readonly news: readonly string[];
    }
  | ({ readonly kind: 'refused' } & Refusal);

/** Why something is not changed, for people. */
export interface Refusal {
  readonly reason: string;
  /** Where what was to be changed really stands; absent: not in a single place. */
  readonly place?: TextSpan;
}

/** A lab file as an edit sees it. */
export interface EditedLab {
  readonly lab: Lab;
  readonly data: NonNullable<ReturnType<typeof dataOf>>;
  readonly document: Document;
}
