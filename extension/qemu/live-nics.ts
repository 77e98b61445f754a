import { textOf } from './json-value.ts';
import { nicIds } from './nic-ids.ts';
import { QmpRefusal, type QmpQuery } from './qmp.ts';
import { monitorCommand } from './qmp-queries.ts';

/** One NIC as QEMU has it now, whatever it was started with. */
export interface LiveNic {
  /** Counted from 1. */
  readonly number: number;
  /** By QEMU's device name (`virtio-net-pci`). Undefined: there is no card, only what is left of its hub. */
  readonly model: string | undefined;
  /** Where it is plugged in, as a VDE address, perhaps with its port in brackets. Undefined: nowhere. */
  readonly address: string | undefined;
  /** Its cable is pulled: the guest sees no carrier. */
  readonly isPulled: boolean;
}

/** The NICs that our scripts made, or that were added later under the same names. */
export const queryNics: QmpQuery<readonly LiveNic[]> = {
  ...monitorCommand('info network'),
  read: value => parseNetwork(textOf(value) ?? ''),
};

/** Reads the answer of `info network`; what is not ours is left out. */
export function parseNetwork(text: string): readonly LiveNic[] {
  const found = new Map<number, LiveNic>();
  for (const line of text.split(/\r?\n/)) {
    const [, part, digits, what = ''] = /^ \\ (nic|plug|pulled)(\d{1,3})(?:: (.*))?$/.exec(line) ?? [];
    if (part === undefined) continue;
    const number = Number(digits);
    const nic = found.get(number) ?? { number, model: undefined, address: undefined, isPulled: false };
    found.set(number, { ...nic, ...readPart(part, what) });
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}

function readPart(part: string, what: string): Partial<LiveNic> {
  if (part === 'pulled') return { isPulled: true };
  if (part === 'nic') return { model: /,type=nic,model=([^,]+)/.exec(what)?.[1] };
  return { address: /,type=vde,sock=(.*),fd=-?\d+$/.exec(what)?.[1] };
}

const order = (execute: string, args: Readonly<Record<string, unknown>>): QmpQuery<void> => ({
  execute,
  args,
  read: () => undefined,
});

/** The address that the card was given; the guest may use another one. */
export const queryMac = (number: number): QmpQuery<string | undefined> => ({
  execute: 'qom-get',
  args: { path: `/machine/peripheral/${nicIds(number).card}`, property: 'mac' },
  read: value => textOf(value)?.toLowerCase(),
});

/** The guest sees the carrier come or go. */
export const setLink = (number: number, up: boolean): QmpQuery<void> =>
  order('set_link', { name: nicIds(number).card, up });

/** A plug that QEMU puts into a switch at once. A port that is not there, or that is taken, would hang the VM or be shared. */
export const addPlug = (number: number, socket: string, port: number): QmpQuery<void> =>
  order('netdev_add', { type: 'vde', id: nicIds(number).vde, sock: `${socket}[${port}]` });

export type HubPort = 'nic' | 'plug' | 'open' | 'pulled';

export function addHubPort(number: number, which: HubPort): QmpQuery<void> {
  const ids = nicIds(number);
  const behind = which === 'plug' ? { netdev: ids.vde } : {};
  return order('netdev_add', { type: 'hubport', id: ids[which], hubid: number, ...behind });
}

export const removeNetdev = (number: number, which: HubPort | 'vde'): QmpQuery<void> =>
  order('netdev_del', { id: nicIds(number)[which] });

/** Without a boot ROM, which only counts at the start of a VM. */
export function addCard(number: number, driver: string, mac: string): QmpQuery<void> {
  const { card, nic } = nicIds(number);
  return order('device_add', { driver, id: card, netdev: nic, mac, romfile: '' });
}

/** Asks the guest to let go of the card. It is there until the guest has done so. */
export const removeCard = (number: number): QmpQuery<void> => order('device_del', { id: nicIds(number).card });

/** QEMU refuses to remove what is not there, which is as good as done. */
export const isNotThere = (error: unknown): boolean =>
  error instanceof QmpRefusal && /^Device '.*' not found$/.test(error.reason);

export const isThereAlready = (error: unknown): boolean =>
  error instanceof QmpRefusal && /^Duplicate (device )?ID /i.test(error.reason);
