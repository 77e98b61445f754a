import type { Nic } from '../../lab/model.ts';
import type { WireFaults } from '../../lab/wire-faults.ts';
import type { SwitchCommand } from '../../vde/switch-commands.ts';
import type { ThingRef } from '../state.ts';

/**
 * What a change costs. `live`: the switch is told, nothing is interrupted. `hot`: plugs are moved, VMs run on.
 * `restart`: it counts only when something is started again. `manual`: starts or ends something, so the user decides.
 */
export type ChangeKind = 'live' | 'hot' | 'restart' | 'manual';

export interface Place {
  readonly switch: string;
  readonly port: number;
}

export type ChangeAction =
  | { readonly kind: 'tell'; readonly commands: readonly SwitchCommand<unknown>[] }
  /** The same, when everything else is done. */
  | { readonly kind: 'forget'; readonly commands: readonly SwitchCommand<unknown>[] }
  | { readonly kind: 'run'; readonly verb: 'start' | 'stop' | 'restart' }
  | { readonly kind: 'plug'; readonly nic: Nic }
  | { readonly kind: 'add'; readonly nic: Nic }
  | { readonly kind: 'remove'; readonly nic: number }
  /** What is to be wrong with a wire; `nic` 0: one between switches, else that of this NIC. */
  | { readonly kind: 'faults'; readonly nic: number; readonly faults: WireFaults };

/** One way in which what runs differs from the lab file, and what makes it as the file says. */
export interface ChangeStep {
  /** The same in every plan in which the step occurs. */
  readonly id: string;
  readonly kind: ChangeKind;
  /** What is changed: a VM, a switch or a wire. */
  readonly thing: ThingRef;
  /** `port 3 of lan: untagged 10 → 20` */
  readonly words: string;
  readonly action: ChangeAction;
  /** Ports that it gives up and ports that it takes, so that two may change places. */
  readonly from?: readonly Place[];
  readonly to?: readonly Place[];
}

/** What it costs, in words for people. */
export const costWords: Readonly<Record<ChangeKind, string>> = {
  live: 'live',
  hot: 'hot: VMs run on',
  restart: 'needs a restart',
  manual: 'you decide',
};

/** Steps that interrupt no guest are made unless the user says otherwise; the others only if the user says so. */
export const isChosen = ({ kind }: ChangeStep): boolean => kind === 'live' || kind === 'hot';

export const arrow = (before: string | number, after: string | number): string => `${before} → ${after}`;

export const placeWords = (place: Place): string => `${place.switch} port ${place.port}`;

export const isSamePlace = (a: Place, b: Place): boolean => a.switch === b.switch && a.port === b.port;
