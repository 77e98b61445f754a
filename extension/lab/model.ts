import type { LabCheck } from './expectations/lab-check.ts';
import type { LabHost } from './hosts/lab-host.ts';
import type { OutsideEnd } from './outside.ts';
import type { Problem } from './problem.ts';
import type { VmInstall } from './install.ts';
import type { Ready } from './ready.ts';
import type { Scenario } from './scenario.ts';
import type { DefaultSources } from './setting-source.ts';
import type { ShellSettings } from './shell.ts';
import type { TextSpan } from './text-span.ts';
import type { WireFaults, WirePreset } from './wire-faults.ts';

/**
 * Where the values of a thing's keys are in the file, by key (`id`); items of a list also by `key.index` (`address.0`).
 * Absent in labs that were not read from a file, and for keys that the file does not have.
 */
export type ValueSpans = Readonly<Record<string, TextSpan>>;

/**
 * A lab as it was read: every default filled in, every value checked on its own, names not yet resolved
 * (a NIC may name a switch that does not exist; `problems` then says so). Lists keep the order of the file.
 */
export interface Lab {
  /** Safe as a file name; the name of the script folder and of the run-time folder. */
  readonly name: string;
  readonly description: string | undefined;
  readonly images: readonly Image[];
  readonly vms: readonly Vm[];
  readonly switches: readonly Switch[];
  readonly wires: readonly Wire[];
  /** Joins of switches with hosts that have no copy yet; a VM that comes there brings them up. Absent: none. */
  readonly spares?: readonly Wire[];
  readonly groups: readonly Group[];
  /** Other machines that run parts of it. Absent: none. */
  readonly hosts?: readonly LabHost[];
  /** Absolute path of a folder that all hosts see: each VM has a lock there. Absent: there are none. */
  readonly locks?: string;
  /** Bad wires of its own, by name. Absent: none. */
  readonly presets?: readonly WirePreset[];
  /** Faults by a timetable. Absent: none. */
  readonly scenarios?: readonly Scenario[];
  /** What must hold while it runs. Absent: nothing is said of that. */
  readonly checks?: readonly LabCheck[];
  /** What keeps its place in the picture, by its name there; empty: nothing. */
  readonly pins: readonly Pin[];
  /** Where the values come from that its VMs do not give themselves. Absent in labs that were not read from a file. */
  readonly defaultSources?: DefaultSources;
  readonly spans?: ValueSpans;
}

export interface LabReading {
  /** Undefined only if the text has no map at its top at all. */
  readonly lab: Lab | undefined;
  readonly problems: readonly Problem[];
  /** The files that the lab includes, as they were read with it; absent: none. */
  readonly included?: readonly IncludedFile[];
}

/** A file that a lab file includes: its text, or why it is not read, for people. */
export type IncludedFile = (IncludedText | { readonly refusal: string }) & {
  /** As the lab file names it. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
};

interface IncludedText {
  readonly text: string;
}

export type Accel = 'auto' | 'kvm' | 'tcg';
/** NIC models by QEMU's device names, without the `-pci` of virtio. */
export type NicModel = 'virtio' | 'e1000' | 'e1000e' | 'rtl8139' | 'ne2k_pci' | 'pcnet' | 'vmxnet3';
export type BootDevice = 'disk' | 'cdrom' | 'network';

export interface Vm {
  readonly name: string;
  /** 1 … 9999; undefined while the file gives none that is valid. */
  readonly id: number | undefined;
  readonly description: string | undefined;
  /** The host that runs it, one of `hosts`. Absent: this one. */
  readonly host?: string;
  /** As QEMU's -m takes it, always with its unit: `512M`, `2G`. */
  readonly memory: string;
  readonly cpus: number;
  readonly accel: Accel;
  /** What the first disk starts as; `disks` come after it. */
  readonly image: VmImage | undefined;
  readonly disks: readonly Disk[];
  /** Paths here and in disks: as in the file; a relative one starts at the lab file's folder. */
  readonly cdrom: string | undefined;
  /** Images of USB sticks that are in it at its start. Absent: it has no USB controller then. */
  readonly sticks?: readonly string[];
  readonly kernel: string | undefined;
  readonly initrd: string | undefined;
  readonly append: string | undefined;
  /** `guest: tiny`: kernel, initrd and append are the tiny guest's (kernel and initrd above stay undefined). */
  readonly isTinyGuest: boolean;
  readonly cloudInit: CloudInit | undefined;
  readonly gateway: string | undefined;
  readonly forward: boolean;
  /** Empty: QEMU's own order. */
  readonly boot: readonly BootDevice[];
  readonly vnc: boolean;
  /** Extra QEMU arguments, one list item an argument, passed as they are. */
  readonly extra: readonly string[];
  readonly nics: readonly Nic[];
  /** How commands are run in its guest. Absent: as in a Linux, see `shellOf`. */
  readonly shell?: ShellSettings;
  /** Absent: nobody installs it by a script. */
  readonly install?: VmInstall;
  /** What shows that it is ready. Absent: nothing does, but for a tiny guest, see `readyOf`. */
  readonly ready?: Ready;
  /** VMs that are to be ready before this one starts. Absent: none. */
  readonly after?: readonly string[];
  /** The VM's name in the file. */
  readonly nameSpan: TextSpan;
  /** Name and value in the file. */
  readonly span: TextSpan;
  readonly spans?: ValueSpans;
  /** Absent: all that it says stands in an entry of its own. */
  readonly origin?: VmOrigin;
}

/** Where a VM has its name and values from, if not all from an entry of its own. */
export interface VmOrigin {
  /** The template that it extends, and the keys whose values are the template's. */
  readonly template?: { readonly name: string; readonly nameSpan: TextSpan; readonly keys: readonly string[] };
  /** The row (`count`) that it is one of: the name of the entry, and which one it is, counted from 1. */
  readonly row?: { readonly name: string; readonly number: number; readonly count: number };
}

/** Where an image comes from, and what it is. It is only ever read. */
export interface ImageSource {
  readonly place: ImagePlace;
  readonly format: 'qcow2' | 'raw';
  /** Size of the disks made from it: `20G`; undefined: its own. */
  readonly size: string | undefined;
}

export type ImagePlace =
  | {
      readonly kind: 'file';
      /** As in the file; a relative one starts at the lab file's folder. */
      readonly path: string;
      /** In small letters; undefined: not checked. */
      readonly sha256: string | undefined;
    }
  | { readonly kind: 'url'; readonly url: string; readonly sha256: string };

/** An image of `images:`. */
export interface Image {
  readonly name: string;
  /** Undefined while the file does not say where it is. */
  readonly source: ImageSource | undefined;
  readonly nameSpan: TextSpan;
  readonly span: TextSpan;
  readonly spans?: ValueSpans;
}

/** The first disk of a VM: an overlay that takes what the VM writes, over an image that is only read. */
export interface VmImage {
  /** As the lab file says it: a name of `images:`, or a path. */
  readonly text: string;
  /** Undefined: there is no such image. */
  readonly source: ImageSource | undefined;
  /** Path of the overlay (qcow2) from the lab file's folder. */
  readonly overlay: string;
}

/** What cloud-init sets up in the guest, besides the addresses of its NICs. */
export interface CloudInit {
  /** Path of the volume from which the guest reads all this (ISO 9660, made with the scripts), from the lab file's folder. */
  readonly seed: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly sshKeys: readonly string[];
  readonly hostname: string | undefined;
  readonly packages: readonly string[];
}

export interface Disk {
  readonly file: string;
  readonly format: 'qcow2' | 'raw';
  /** If given, a missing image is made with this size before the first start: `4G`. */
  readonly size: string | undefined;
}

export interface Nic {
  /** Counted from 1. */
  readonly number: number;
  readonly switch: string;
  /** The VDE port that this NIC always has; undefined if the switch is unknown or has no port left. */
  readonly port: number | undefined;
  /** Undefined while the VM has no valid ID. */
  readonly mac: string | undefined;
  readonly model: NicModel;
  /** `dhcp` or an address with its prefix length: `192.168.10.1/24`, `fd00::1/64`. */
  readonly addresses: readonly string[];
  /** Untagged VLAN; undefined: VLAN 0, as VDE calls a port without one. */
  readonly vlan: number | undefined;
  readonly tagged: readonly TaggedVlan[];
  /** What is wrong with the wire between it and its switch. Absent: nothing. */
  readonly faults?: WireFaults;
  readonly span: TextSpan;
  readonly spans?: ValueSpans;
}

/** A VLAN that reaches a NIC or a wire with its tag; the addresses are for the guest's sub-interface. */
export interface TaggedVlan {
  readonly vlan: number;
  readonly addresses: readonly string[];
}

export interface Switch {
  readonly name: string;
  readonly description: string | undefined;
  /** The host that it belongs to, one of `hosts`. Absent: the lab file does not say. */
  readonly host?: string;
  /** The hosts that have one of this name, see `hostsOf`; joins make one network of them. Absent: only this host. */
  readonly copies?: readonly string[];
  /** CIDR, IPv4 or IPv6, or undefined. */
  readonly network: string | undefined;
  /** Declared VLANs and those that a NIC or wire on this switch uses, ascending. */
  readonly vlans: readonly number[];
  /** Usable ports: 1 … ports. */
  readonly ports: number;
  /** Spanning tree (fstp); the lowest priority becomes root. */
  readonly stp: { readonly priority: number | undefined } | undefined;
  readonly slirp: Slirp | undefined;
  readonly tap: Tap | undefined;
  readonly nameSpan: TextSpan;
  readonly span: TextSpan;
  readonly spans?: ValueSpans;
}

/** DHCP and NAT to the outside without root. */
export interface Slirp {
  readonly port: number;
  readonly forward: readonly SlirpForward[];
  /** What VMs boot over the network; absent: nothing. */
  readonly pxe?: Pxe;
}

export interface Pxe {
  /** The folder that TFTP serves, from the lab file's folder. */
  readonly root: string;
  /** The file in it that a VM is told to boot. */
  readonly file: string;
  /** The switch has no `slirp`: addresses and files, but no way outside. */
  readonly isClosed: boolean;
}

/** Host port to guest, on the host's loopback only unless `hostAddress` says otherwise. */
export interface SlirpForward {
  readonly protocol: 'tcp' | 'udp';
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly guestAddress: string;
  readonly guestPort: number;
}

/** The host itself joins the switch (always on port 1). Needs root. */
export interface Tap {
  readonly interface: string;
  readonly address: string | undefined;
  readonly group: string | undefined;
  /** Whether VMs get out through the host. */
  readonly nat: boolean;
  /** `10.1.2.3:3128`: a web proxy that VMs find at `address`. */
  readonly proxy: string | undefined;
  /** A name server that VMs find at `address`. */
  readonly dns: string | undefined;
  /** The host's bridge that the tap is in, and the host's interface that is put into it. */
  readonly bridge: string | undefined;
  readonly lan: string | undefined;
}

export interface Wire {
  /** `lan-dmz`; a second one between the same switches is `lan-dmz-2`. A join is `lan@left`. */
  readonly name: string;
  /** The host that has it, one of `hosts`. Absent: this one. */
  readonly host?: string;
  /** It joins the copies of a switch, which no line of the file says: the host to which it leads from its own. */
  readonly join?: string;
  readonly ends: readonly [WireEnd, WireEnd];
  readonly vlan: number | undefined;
  readonly tagged: readonly number[];
  /** What is wrong with it, `there` being from the first end. Absent: nothing. */
  readonly faults?: WireFaults;
  readonly span: TextSpan;
  readonly spans?: ValueSpans;
}

export interface WireEnd {
  /** Its name; of an end outside the lab, the URL. */
  readonly switch: string;
  readonly port: number | undefined;
  /** The second end only. Absent: a switch of this lab. */
  readonly outside?: OutsideEnd;
}

/** A place in the clear picture: columns from 0; rows: how many buses lie above. */
export interface Pin {
  /** A VM's, or of what a switch brings along: `lan/tap`, `lan/uplink`. */
  readonly name: string;
  readonly column: number;
  readonly row: number;
  readonly nameSpan: TextSpan;
}

/** VMs that are drawn together, started and stopped together. */
export interface Group {
  readonly name: string;
  readonly vms: readonly string[];
  readonly colour: string | undefined;
  readonly nameSpan: TextSpan;
  readonly span: TextSpan;
  readonly spans?: ValueSpans;
}
