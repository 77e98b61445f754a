import type { DrawablePicture } from '../extension/diagram/drawing/draw.ts';
import type { LivePicture, PictureFacts, PictureMenu, PictureSegment } from '../extension/diagram/live.ts';
import type { LayoutMode } from '../extension/diagram/picture.ts';
import type { ThingId } from '../extension/diagram/thing-id.ts';

/**
 * Every message between the extension and its views, both ways. Imports only what a picture is, so that both sides can.
 * A view says `ready` when it has loaded (again), and is then told everything anew.
 */

/** Names a display for good, also over a reload of the window. */
export interface DisplayIdentity {
  /** Absolute path of the lab file; empty for a VM that no lab of the workspace knows. */
  readonly lab: string;
  readonly vm: string;
  /** TCP port on the loopback of the machine that runs the VM. */
  readonly port: number;
}

/** What a display shows beside the VM's screen; each one replaces the one before. */
export interface DisplayPicture {
  readonly identity: DisplayIdentity;
  /** Why there is no screen to see, for people; undefined while there is one. */
  readonly news: string | undefined;
  /** Whether to offer to start the VM. */
  readonly canStart: boolean;
}

/** How text gets into the guest: as keys, or as its clipboard's content (which the guest must have an agent for). */
export type PasteWay = 'keys' | 'clipboard';

/** Connections are numbered, so that what is on the way when one ends is not taken for a part of the next. */
export type ToDisplay =
  | { readonly type: 'picture'; readonly picture: DisplayPicture }
  | { readonly type: 'opened'; readonly connection: number }
  | { readonly type: 'bytes'; readonly connection: number; readonly bytes: Uint8Array }
  | { readonly type: 'closed'; readonly connection: number }
  | { readonly type: 'paste'; readonly way: PasteWay; readonly text: string };

export type FromDisplay =
  | { readonly type: 'ready' }
  | { readonly type: 'bytes'; readonly connection: number; readonly bytes: Uint8Array }
  /** So many bytes have been worked off: as many more may be sent. */
  | { readonly type: 'received'; readonly connection: number; readonly count: number }
  /** Both sides have agreed on VNC, and the screen can be seen. */
  | { readonly type: 'shown'; readonly connection: number }
  /** The view has given the connection up. */
  | { readonly type: 'failed'; readonly connection: number; readonly reason: string }
  /** The user wants the text of VS Code's clipboard in the guest; a `paste` is the answer. */
  | { readonly type: 'pasteWanted'; readonly way: PasteWay }
  /** The user wants this text of the guest in VS Code's clipboard. */
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'start' };

/** The picture of one file; each one replaces the one before. */
export interface PictureDocument {
  /** Absolute path: names the picture for good, also over a reload of the window. */
  readonly file: string;
  /** The lab's name, or the file's. */
  readonly name: string;
  readonly kind: 'lab' | 'diag';
  readonly mode: LayoutMode;
  /** Undefined: there is nothing to draw. */
  readonly picture: DrawablePicture | undefined;
  /** What to know of the file: that it is empty, that it has errors. Empty: nothing. */
  readonly news: string;
  /** Who hears whom, for each VLAN; 0: without one. */
  readonly segments: readonly PictureSegment[];
}

/** What dragging something in a picture changes in the lab file. */
export type PictureEdit =
  | { readonly kind: 'addNic'; readonly vm: string; readonly switch: string }
  | { readonly kind: 'moveNic'; readonly vm: string; readonly nic: number; readonly switch: string }
  | { readonly kind: 'addWire'; readonly between: readonly [string, string] }
  /** `node` as the picture names it: `fw`, `lan/uplink`. */
  | { readonly kind: 'pin'; readonly node: string; readonly column: number; readonly row: number };

/** What keys and buttons of a picture ask for; the answer may be a question to the user. */
export type PictureOrder =
  'addVm' | 'addSwitch' | 'connectNic' | 'rename' | 'deleteFromLab' | 'groupVms' | 'pin' | 'unpin' | 'undo' | 'redo';

export type ToPicture =
  | { readonly type: 'picture'; readonly document: PictureDocument }
  /** Of the picture that was sent last. `summary`: how many run. `menu`: that of the lab, where no thing is. */
  | {
      readonly type: 'live';
      readonly live: LivePicture;
      readonly facts: Readonly<Record<ThingId, PictureFacts>>;
      readonly summary: string;
      readonly menu: PictureMenu | undefined;
    }
  /** Somebody has chosen things elsewhere, in the tree or in the file. */
  | { readonly type: 'select'; readonly things: readonly ThingId[] };

export type FromPicture =
  /** What the user had chosen before the view was loaded again; undefined: the default. */
  | { readonly type: 'ready'; readonly mode: LayoutMode | undefined }
  | { readonly type: 'layout'; readonly mode: LayoutMode }
  | { readonly type: 'select'; readonly things: readonly ThingId[] }
  | { readonly type: 'edit'; readonly edit: PictureEdit }
  | { readonly type: 'order'; readonly order: PictureOrder; readonly things: readonly ThingId[] }
  /** Show the place in the file; undefined: the file. */
  | { readonly type: 'open'; readonly thing: ThingId | undefined };

/** Names the switch of a VLAN matrix for good, also over a reload of the window. */
export interface MatrixIdentity {
  /** Absolute path of the lab file; empty for a switch that no lab of the workspace has. */
  readonly lab: string;
  readonly name: string;
  /** Folder of the sockets of a switch of no lab, else empty. */
  readonly socket: string;
}

/** Untagged 0: none. */
export interface PortVlans {
  readonly untagged: number;
  /** Ascending. */
  readonly tagged: readonly number[];
}

export interface MatrixPort {
  readonly number: number;
  readonly who: string;
  /** `plugged in`; empty while the switch does not run. */
  readonly state: string;
  /** Undefined: the switch does not run, or has not made this port. */
  readonly live: PortVlans | undefined;
  /** Undefined: no lab file has this switch. */
  readonly file: PortVlans | undefined;
  /** The NIC or wire of the lab file where the VLANs of this port are written. */
  readonly plug: string | undefined;
  /** Further differences from the lab file, in words. */
  readonly drift: readonly string[];
}

/** Ports × VLANs of one switch; each one replaces the one before. */
export interface VlanMatrix {
  readonly target: MatrixIdentity;
  /** Why something cannot be seen or done, for people. */
  readonly news: string | undefined;
  /** Nothing is known of it (yet): it has not answered, or is neither running nor in a lab file. */
  readonly isWaiting: boolean;
  readonly canApply: boolean;
  readonly canWrite: boolean;
  /** Ascending, without 0. */
  readonly vlans: readonly number[];
  readonly ports: readonly MatrixPort[];
  /** How the switch itself differs from its lab file, in words. */
  readonly drift: readonly string[];
}

/** All VLANs that a port is to have. */
export interface PortWish extends PortVlans {
  readonly number: number;
  /** As in `MatrixPort`. */
  readonly plug: string | undefined;
}

/** Told to the switch at once, written into the lab file, or both. */
export type ChangeWay = 'live' | 'file' | 'both';

export type ToVlans =
  | { readonly type: 'matrix'; readonly matrix: VlanMatrix }
  /** What was done, for people. */
  | { readonly type: 'done'; readonly words: string }
  /** The wishes are in the lab file now, and no longer to be kept by the view. */
  | { readonly type: 'written' }
  | { readonly type: 'refused'; readonly reason: string };

export type FromVlans =
  | { readonly type: 'ready' }
  | { readonly type: 'change'; readonly way: ChangeWay; readonly wishes: readonly PortWish[] }
  /** The switch is to be as the lab file says. */
  | { readonly type: 'applyFile' }
  /** The lab file is to say what runs. */
  | { readonly type: 'adopt' };

/** Names a wire for good, also over a reload of the window: that of a NIC to its switch, or one between switches. */
export interface WireIdentity {
  /** Absolute path of the lab file. */
  readonly lab: string;
  /** The VM of the NIC, or the wire's own name. */
  readonly name: string;
  /** 0: a wire between switches. */
  readonly nic: number;
}

/** From the first end to the second (of a NIC: to its switch), and the other way. */
export const wireDirections = ['there', 'back'] as const;
export type WireDirection = (typeof wireDirections)[number];

export const wireFaultKeys = [
  'delay',
  'jitter',
  'loss',
  'burst',
  'duplicate',
  'bandwidth',
  'speed',
  'buffer',
  'noise',
  'mtu',
] as const;
export type WireFaultKey = (typeof wireFaultKeys)[number];

/**
 * Units: delay and jitter milliseconds, loss and duplicate percent, burst packets, bandwidth and speed bytes a second,
 * buffer bytes, noise bits of 2^20 bytes, mtu bytes of an IP packet.
 */
export interface WireAmount {
  readonly value: number;
  /** At each packet another value, by up to so much more or less. */
  readonly spread?: number;
  readonly isNormal?: true;
}

/** The faults of one direction; what is not there is none. */
export type WireWay = Readonly<Partial<Record<WireFaultKey, WireAmount>>>;
export type WireWays = Readonly<Record<WireDirection, WireWay>>;

/** One wire and what is wrong with it; each one replaces the one before. */
export interface WirePicture {
  readonly target: WireIdentity;
  /** `lan – dmz`, `web NIC 1`. */
  readonly title: string;
  /** What its two ends are called. */
  readonly ends: readonly [string, string];
  /** Why something cannot be seen or done, for people; empty: nothing. */
  readonly news: string;
  /** What it really has, as it says itself; undefined: it does not run or does not answer. */
  readonly live: WireWays | undefined;
  /** What the lab file says; undefined: it has no such wire any more. */
  readonly file: WireWays | undefined;
  /** It changes by chance between states, which only the lab file can say. Empty: it does not. */
  readonly states: string;
  readonly canApply: boolean;
  readonly canWrite: boolean;
  readonly presets: readonly WirePreset[];
}

export interface WirePreset {
  readonly name: string;
  /** What it does, for people. */
  readonly words: string;
}

export type ToWires =
  | { readonly type: 'wire'; readonly wire: WirePicture }
  /** What was done or measured, for people. `isWritten`: what was sent is in the lab file now. */
  | { readonly type: 'done'; readonly words: string; readonly isWritten: boolean }
  | { readonly type: 'refused'; readonly reason: string };

export type FromWires =
  | { readonly type: 'ready' }
  /** The wire is to have this, from now on. */
  | { readonly type: 'change'; readonly ways: WireWays }
  | { readonly type: 'preset'; readonly name: string }
  /** Nothing is to be wrong with it. */
  | { readonly type: 'reset' }
  /** The lab file is to say this. Undefined: what the wire has, with its states. */
  | { readonly type: 'write'; readonly ways: WireWays | undefined }
  | { readonly type: 'measure' };

/** Names a live capture for good, also over a reload of the window. */
export interface CaptureIdentity {
  /** What is captured, as `kvmlab capture` takes it. */
  readonly operand: string;
  /** The same for people. */
  readonly title: string;
  /** Capture filter; empty: none. */
  readonly filter: string;
}

/** One packet as a line of the list. */
export interface PacketListRow {
  /** Counted from 1. */
  readonly number: number;
  /** Microseconds since 1970. */
  readonly time: number;
  readonly length: number;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly info: string;
}

export interface PacketLayer {
  readonly name: string;
  readonly fields: readonly {
    readonly name: string;
    readonly value: string;
    /** Place in the frame, in bytes. */
    readonly offset: number;
    readonly length: number;
  }[];
}

/** What a capture shows beside its packets; each one replaces the one before. */
export interface CaptureStatus {
  readonly identity: CaptureIdentity;
  readonly isRunning: boolean;
  /** What happened last, for people. */
  readonly words: string;
  /** How many packets came; only the last ones are kept. */
  readonly count: number;
  /** Who decodes: `tshark` or `KVM Lab`. */
  readonly decoder: string;
}

export type ToPackets =
  | { readonly type: 'status'; readonly status: CaptureStatus }
  /** `isFresh`: in place of all that came before. `most`: how many the view is to keep. */
  | {
      readonly type: 'rows';
      readonly isFresh: boolean;
      readonly most: number;
      readonly rows: readonly PacketListRow[];
    }
  | {
      readonly type: 'detail';
      readonly number: number;
      readonly layers: readonly PacketLayer[];
      readonly bytes: Uint8Array;
    };

export type FromPackets =
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly number: number }
  /** Begins anew, with this filter. */
  | { readonly type: 'start'; readonly filter: string }
  | { readonly type: 'stop' }
  | { readonly type: 'save' };

/** One function for each message; leaving one out does not compile. */
export type Handlers<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: (message: Extract<Message, { readonly type: Type }>) => void;
};

/** Calls the handler of a message. */
export function dispatch<Message extends { readonly type: string }>(
  handlers: Handlers<Message>,
  message: Message,
): void {
  const handler = handlers[message.type as Message['type']] as ((message: Message) => void) | undefined;
  // A view that stayed open over an update of the extension may speak an older protocol.
  handler?.(message);
}
