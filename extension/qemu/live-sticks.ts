import { listOf, member, textOf } from './json-value.ts';
import { QmpRefusal, type QmpQuery } from './qmp.ts';

/** A USB stick in a VM that runs, put there by its script or later. */
export interface LiveStick {
  /** `stick1`: of its device and of its block node. */
  readonly id: string;
  /** The image, as QEMU was told it. */
  readonly file: string;
  /** The guest does not want it to be pulled out: it has it mounted, or just reads it. */
  readonly isLocked: boolean;
}

export const stickId = (number: number): string => `stick${number}`;

/** The USB controller that takes the sticks, and how many it takes of each generation of USB. */
const controllerId = 'xhci';
const controllerPorts = 8;
/** As the scripts say it on QEMU's command line. */
export const controllerDevice = `qemu-xhci,id=${controllerId},p2=${controllerPorts},p3=${controllerPorts}`;
/** A stick that can be taken out, as far as the guest knows: so it locks what it has mounted. */
export const stickDevice = (id: string): string =>
  `usb-storage,id=${id},drive=${id},bus=${controllerId}.0,removable=on`;

const idPattern = /^stick\d+$/;

export const querySticks: QmpQuery<readonly LiveStick[]> = {
  execute: 'query-block',
  read: value =>
    listOf(value).flatMap(entry => {
      const id = /^\/machine\/peripheral\/(stick\d+)\//.exec(textOf(member(entry, 'qdev')) ?? '')?.[1];
      const file = textOf(member(member(entry, 'inserted'), 'file'));
      return id === undefined || file === undefined ? [] : [{ id, file, isLocked: member(entry, 'locked') === true }];
    }),
};

/** Images that QEMU has open under the names of sticks, also those that are in no device (any more). */
export const queryStickNodes: QmpQuery<readonly string[]> = {
  execute: 'query-named-block-nodes',
  args: { flat: true },
  read: value =>
    listOf(value)
      .map(node => textOf(member(node, 'node-name')) ?? '')
      .filter(name => idPattern.test(name)),
};

const order = (execute: string, args: Readonly<Record<string, unknown>>): QmpQuery<void> => ({
  execute,
  args,
  read: () => undefined,
});

/** A raw image whatever is in it, as a guest writes it. */
export const openStickNode = (id: string, filename: string): QmpQuery<void> =>
  order('blockdev-add', { driver: 'raw', 'node-name': id, file: { driver: 'file', filename } });

/** Refused as "in use" while its device is still being taken away. */
export const closeStickNode = (id: string): QmpQuery<void> => order('blockdev-del', { 'node-name': id });

/** Puts a USB controller into a VM that runs; machines like q35 refuse. */
export const addController = order('device_add', {
  driver: 'qemu-xhci',
  id: controllerId,
  p2: controllerPorts,
  p3: controllerPorts,
});

/** Only now the image is locked. `onAnyBus`: not on our controller, but on any that the VM has. */
export const addStick = (id: string, onAnyBus: boolean): QmpQuery<void> =>
  order('device_add', {
    ...{ driver: 'usb-storage', id, drive: id, removable: true },
    ...(onAnyBus ? {} : { bus: `${controllerId}.0` }),
  });

/** The guest is not asked, as with a real one. */
export const removeStick = (id: string): QmpQuery<void> => order('device_del', { id });

const refusedFor = (reason: RegExp) => (error: unknown) => error instanceof QmpRefusal && reason.test(error.reason);

export const hasNoController = refusedFor(/^(Bus '.*' not found|No 'usb-bus' bus found)/);
export const isControllerRefused = refusedFor(/does not support hotplugging|No 'PCI' bus found/);
export const isLockedElsewhere = refusedFor(/^Failed to get .*lock/);
export const isNodeBusy = refusedFor(/^Node '?stick\d+'? is in use/);
export const isNodeGone = refusedFor(/^Failed to find node with node-name/);
