import { switchFiles } from '../../lab/layout.ts';
import type { LiveNic } from '../../qemu/live-nics.ts';
import type { WireFaults } from '../../lab/wire-faults.ts';
import type { PlugAddress } from '../../vde/plug-address.ts';
import type { SwitchPicture } from '../switches/port-picture.ts';

/** What of a lab runs now, as its processes, switches and VMs tell it. */
export interface LiveLab {
  /** The lab's run-time folder. */
  readonly run: string;
  readonly vms: readonly LiveVm[];
  readonly switches: readonly LiveSwitch[];
  /** Those between switches. */
  readonly wires: readonly LiveWire[];
  /** Those between NICs and their switches that go through a wirefilter; absent: none. */
  readonly nicWires?: readonly LiveWire[];
  /** What is wrong with wires, by their names (`lan-dmz`, `web+1`), of those that tell. */
  readonly faults?: ReadonlyMap<string, WireFaults>;
  /** Names of scripts that were written already: what has none is new in the lab. */
  readonly scripts: ReadonlySet<string>;
}

export interface LiveVm {
  readonly name: string;
  readonly pid: number;
  /** As it was started. */
  readonly args: readonly string[];
  /** Undefined: it does not answer. */
  readonly nics: readonly LiveNic[] | undefined;
  /** By NIC, as it was given to the card. */
  readonly macs: ReadonlyMap<number, string>;
}

export interface LiveSwitch {
  readonly name: string;
  /** Folder of its sockets. */
  readonly socket: string;
  readonly tap: string | undefined;
  /** Undefined: it does not answer. */
  readonly picture: SwitchPicture | undefined;
  /** Command line of the QEMU that is its uplink; undefined: none is plugged in. */
  readonly uplink: readonly string[] | undefined;
}

export interface LiveWire {
  readonly name: string;
  readonly ends: readonly PlugAddress[];
  /** Where it leads, if that is out of the lab. */
  readonly outside?: string;
  /** It goes through a wirefilter. */
  readonly isFiltered?: boolean;
}

/** Folder of a switch's sockets. */
export const socketOf = (run: string, name: string): string => `${run}/${switchFiles(name).socket}`;
