import type { CancelSignal } from '../base/cancel.ts';

/** What is asked of this host, by the doctor and before a start. */
export interface HostQuestion {
  /** Programs to look for, on the PATH and in the sbin folders. */
  readonly programs: readonly string[];
  /** Names of groups. */
  readonly groups: readonly string[];
  /** Folders, absolute, in which files are to grow. */
  readonly folders: readonly string[];
  /** Whether to boot a kernel under KVM if nobody has done so yet; takes up to 20 seconds. */
  readonly tryKvm: boolean;
}

/** This host at one moment. */
export interface HostFacts {
  /** Those of the programs that are there. */
  readonly programs: ReadonlySet<string>;
  readonly kvm: KvmFact;
  readonly user: { readonly name: string; readonly isRoot: boolean };
  /** The groups that exist, and whether this process is in them. */
  readonly groups: ReadonlyMap<string, boolean>;
  readonly tun: 'there' | 'refused' | 'missing';
  readonly interfaces: ReadonlyMap<string, InterfaceKind>;
  readonly isForwarding: boolean;
  /** Who listens on TCP and UDP ports. */
  readonly listeners: readonly Listener[];
  readonly memory: { readonly totalMb: number; readonly availableMb: number };
  readonly cpus: number;
  /** Bytes that a user may still write, by folder; of the nearest folder that is there. */
  readonly freeBytes: ReadonlyMap<string, number>;
  readonly runRoot: RunRootFact;
}

/** `untried`: it opens, which proves nothing. `useless`: it opens, and no Linux starts under it. */
export type KvmFact = 'works' | 'useless' | 'untried' | 'refused' | 'missing';
export type InterfaceKind = 'bridge' | 'tap' | 'wireless' | 'other';
/** `absent`: it will be made. `foreign`: somebody else's. */
export type RunRootFact = 'there' | 'absent' | 'foreign' | 'refused';

export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  /** IPv4, or `*` for all, of IPv6 too. */
  readonly address: string;
  readonly port: number;
  /** `nc (process 4711)`; undefined: a process that this user may not look at. */
  readonly owner: string | undefined;
}

export interface HostLook {
  /** Never rejects for what is missing: that is the answer. */
  look(question: HostQuestion, signal?: CancelSignal): Promise<HostFacts>;
}
