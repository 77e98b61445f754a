import type { Lab, LabReading } from '../lab/model.ts';
import type { WireInfo } from '../vde/wirefilter.ts';

/** One thing of a lab that can be started and stopped, named for good: by the lab file's path, its kind and its name. */
export interface ThingRef {
  /** Absolute path of the lab file. */
  readonly lab: string;
  readonly kind: 'lab' | 'group' | 'vm' | 'switch' | 'wire';
  /** The lab's own name for kind `lab`. */
  readonly name: string;
}

/** What a VM, switch or wire is doing, from what really runs and from what we were asked to do to it. */
export type RunState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  /**
   * `halted`: its process runs, its guest does not; the words say why (`paused`). `pulled`: numbers of the NICs whose
   * guests see no carrier; `unplugged`: of those that are in no switch.
   * `uplink`: process of a switch's uplink.
   */
  | {
      readonly kind: 'running';
      readonly pid: number;
      readonly halted?: string;
      readonly pulled?: readonly number[];
      readonly unplugged?: readonly number[];
      readonly uplink?: number;
    }
  | { readonly kind: 'stopping'; readonly pid: number | undefined }
  /** It does not run, and the last try to start it failed. The reason is in the words of who refused (QEMU, VDE, the script). */
  | { readonly kind: 'failed'; readonly reason: string };

/** Its process, as far as it has one for good. */
export const pidOf = (state: RunState | undefined): number | undefined =>
  state && 'pid' in state ? state.pid : undefined;

/** A QEMU VM that runs on this host, of a lab or not. */
export interface RunningVm {
  readonly pid: number;
  readonly startTicks: number;
  readonly uid: number;
  readonly name: string | undefined;
  readonly id: number | undefined;
  /** As on the command line, with its unit: `512M`. */
  readonly memory: string | undefined;
  readonly serialPort: number | undefined;
  readonly monitorPort: number | undefined;
  /** TCP port of the VNC display. */
  readonly displayPort: number | undefined;
  readonly pidFile: string | undefined;
  /** Name of the lab, taken from the pid file's folder; undefined if no lab started it. */
  readonly lab: string | undefined;
  /** Folder of the scripts that started it, without links; not there: not recorded, or the folder is gone. */
  readonly scripts?: string;
  /** Why its guest does not run (`paused`), as far as somebody has asked. */
  readonly halted?: string;
  /** Numbers of the NICs whose cables are pulled at the guest, as far as somebody has asked. Not there: none. */
  readonly pulled?: readonly number[];
  /** The same at the switch. */
  readonly unplugged?: readonly number[];
}

/** A vde_switch that runs on this host, of a lab or not. */
export interface RunningSwitch {
  readonly pid: number;
  readonly startTicks: number;
  readonly uid: number;
  /** Folder of the switch's sockets. */
  readonly socket: string;
  readonly management: string | undefined;
  readonly name: string;
  /** Usable ports. */
  readonly ports: number;
  readonly tap: string | undefined;
  readonly lab: string | undefined;
  readonly scripts?: string;
  /** Process of its uplink; absent: none runs. */
  readonly uplink?: number;
}

/** DHCP and NAT for a switch: of a lab (a QEMU without a machine) or somebody's slirpvde. */
export interface RunningUplink {
  readonly pid: number;
  readonly startTicks: number;
  readonly uid: number;
  readonly program: 'qemu' | 'slirpvde';
  /** The switch's, of a lab's uplink. */
  readonly name: string;
  readonly lab: string | undefined;
  readonly scripts?: string;
  readonly pidFile?: string | undefined;
  /** As on its command line; undefined: QEMU's own, or not told. */
  readonly network?: string | undefined;
  /** Forwards, as on its command line: `tcp:127.0.0.1:2222-10.0.2.15:22`. */
  readonly forwards?: readonly string[];
  /** What VMs boot from it. */
  readonly bootFile?: string | undefined;
}

/** A wire between two switches, or one between a NIC and its switch (`web+1`) that goes through a wirefilter. */
export interface RunningWire {
  readonly pid: number;
  readonly startTicks: number;
  readonly name: string;
  readonly pidFile: string | undefined;
  /** Where its wirefilter is asked; not there: it has none, so nothing is wrong with it. */
  readonly management?: string;
  /** Why nothing passes (`reconnecting`), of a wire to another host. */
  readonly halted?: string;
  /** What its wirefilter told last, as far as somebody has asked. */
  readonly info?: WireInfo;
  readonly lab: string | undefined;
  readonly scripts?: string;
}

/** What runs on this host right now. Lists are sorted by name, then pid. */
export interface HostSnapshot {
  readonly vms: readonly RunningVm[];
  readonly switches: readonly RunningSwitch[];
  readonly wires: readonly RunningWire[];
  /** Absent: none. */
  readonly uplinks?: readonly RunningUplink[];
}

/** One lab with the state of everything in it. Immutable; a change makes a new one. */
export interface LabSnapshot {
  readonly path: string;
  readonly reading: LabReading;
  /** The last lab that could be read, so that a half-typed file does not empty the tree. */
  readonly lab: Lab | undefined;
  readonly vms: ReadonlyMap<string, RunState>;
  readonly switches: ReadonlyMap<string, RunState>;
  readonly wires: ReadonlyMap<string, RunState>;
  /** By wire (`lan-dmz`, `web+1`): what wirefilters told of what is wrong. Not there: no wire has been asked. */
  readonly told?: ReadonlyMap<string, WireInfo>;
}
