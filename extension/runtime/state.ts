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
  /** `moved`: the host that it was migrated to, which has not told what became of it. */
  | { readonly kind: 'stopped'; readonly moved?: string }
  | { readonly kind: 'starting' }
  /**
   * `halted`: its process runs, its guest does not; the words say why (`paused`). `pulled`: numbers of the NICs whose
   * guests see no carrier; `unplugged`: of those that are in no switch.
   * `id`: with which it runs, if the lab file says another. `folder`: its run-time folder, if it was migrated to another
   * one on this host. `uplink`: process of a switch's uplink. `far`: it runs on another host; `pid` is then 0, which is no process here.
   */
  | {
      readonly kind: 'running';
      readonly pid: number;
      readonly id?: number | undefined;
      readonly folder?: string;
      readonly halted?: string;
      readonly pulled?: readonly number[];
      readonly unplugged?: readonly number[];
      readonly sticks?: readonly SeenStick[];
      readonly uplink?: number;
      readonly boot?: BootState;
      readonly far?: FarProcess;
    }
  | { readonly kind: 'stopping'; readonly pid: number | undefined }
  /** It does not run, and the last try to start it failed. The reason is in the words of who refused (QEMU, VDE, the script). */
  | { readonly kind: 'failed'; readonly reason: string }
  /** It belongs to another host, of which nothing is known. */
  | ({ readonly kind: 'unknown' } & UnknownHost);

/** Why nothing is known of another host. */
export interface UnknownHost {
  /** For a row: `left does not answer (Permission denied)`. */
  readonly brief: string;
  /** All of it, with what to do. */
  readonly reason: string;
}

/** A process of another host of the lab, by the host's name. */
export interface FarProcess {
  readonly host: string;
  readonly pid: number;
}

/** What runs of a lab on another host; `pid` is 0. */
export interface RunningFar {
  readonly name: string;
  /** Of a VM: the ID that it runs with. */
  readonly id?: number;
  readonly pid: number;
  readonly far: FarProcess;
  readonly halted?: string;
}

export interface FarThings {
  readonly vms: readonly RunningFar[];
  readonly switches: readonly RunningFar[];
  readonly wires: readonly RunningFar[];
}

/** What another host told of a lab when it was asked last. */
export type HostLook =
  { readonly kind: 'seen'; readonly things: FarThings } | ({ readonly kind: 'unknown' } & UnknownHost);

/** A USB stick in a VM, by the path of its image. */
export interface SeenStick {
  readonly file: string;
  /** The guest holds it. */
  readonly isMounted: boolean;
}

/** How far a VM that runs is, of those that say when they are ready. */
export type BootState =
  /** `isSlow`: for longer than usual. */
  | { readonly kind: 'booting'; readonly usualSeconds?: number; readonly isSlow?: true }
  /** Not ready in the time that it has. */
  | { readonly kind: 'late' }
  /** `seconds`: from its start; absent: nobody saw it happen. */
  | { readonly kind: 'ready'; readonly seconds?: number; readonly usualSeconds?: number; readonly isSlow?: true };

/** Its process, as far as it has one for good. */
export const pidOf = (state: RunState | undefined): number | undefined =>
  state && 'pid' in state ? state.pid : undefined;

/** Tells its process from any other, of this host or another one. Undefined: it does not run. */
export function processKey(state: RunState | undefined): string | undefined {
  if (state?.kind !== 'running') return undefined;
  return state.far ? `${state.far.host} ${state.far.pid}` : String(state.pid);
}

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
  /** The run-time folder that it was migrated to from that of its lab. */
  readonly folder?: string;
  /** Why its guest does not run (`paused`), as far as somebody has asked. */
  readonly halted?: string;
  /** Numbers of the NICs whose cables are pulled at the guest, as far as somebody has asked. Not there: none. */
  readonly pulled?: readonly number[];
  /** The same at the switch. */
  readonly unplugged?: readonly number[];
  /** As far as somebody has asked. Not there: none. */
  readonly sticks?: readonly SeenStick[];
  /** As far as somebody has looked. */
  readonly boot?: BootState;
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

/** A VM that was migrated to another host. */
export interface MovedVm {
  readonly name: string;
  readonly lab: string;
  readonly scripts?: string;
  /** Where ssh goes. */
  readonly ssh: string;
}

/** What runs on this host right now. Lists are sorted by name, then pid. */
export interface HostSnapshot {
  readonly vms: readonly RunningVm[];
  readonly switches: readonly RunningSwitch[];
  readonly wires: readonly RunningWire[];
  /** Absent: none. */
  readonly uplinks?: readonly RunningUplink[];
  /** Of labs that the store knows. Absent: none. */
  readonly moved?: readonly MovedVm[];
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
