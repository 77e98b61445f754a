import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import * as live from '../../qemu/live-sticks.ts';
import type { QmpQuery } from '../../qemu/qmp.ts';
import type { VmLine } from '../change/vm-nics.ts';
import type { Clock } from '../host.ts';

/** The guest has the stick open. */
export class StickMounted extends UserError {
  constructor(vm: string, file: string) {
    super(
      `The guest of ${vm} holds ${file}: it has it mounted. Unmount it there (umount /mnt, or "eject") and try again, ` +
        `or use force: what the guest has not written yet is lost then.`,
    );
    this.name = 'StickMounted';
  }
}

/** Another VM, or another program, has the image open. */
export class StickElsewhere extends UserError {
  constructor(file: string, where: string | undefined) {
    super(
      `${file} is ${where === undefined ? 'in use: another VM or program has it open' : `in ${where}`}. Pull it out there first.`,
    );
    this.name = 'StickElsewhere';
  }
}

/** Puts an image into a running VM as a USB stick. `file`: absolute, without links. */
export async function plugStick(vm: VmLine, file: string): Promise<void> {
  const id = await freeId(vm, await vm.ask(live.querySticks));
  await vm.ask(live.openStickNode(id, file));
  try {
    await addDevice(vm, id);
  } catch (error) {
    await vm.ask(live.closeStickNode(id)).catch(() => undefined);
    throw isFor(live.isLockedElsewhere, error) ? new StickElsewhere(file, undefined) : error;
  }
}

/** The first that is free; images that an earlier try left open are closed. */
async function freeId(vm: VmLine, sticks: readonly live.LiveStick[]): Promise<string> {
  const taken = new Set(sticks.map(({ id }) => id));
  for (const node of await vm.ask(live.queryStickNodes)) {
    if (taken.has(node)) continue;
    await vm.ask(live.closeStickNode(node)).catch(() => taken.add(node));
  }
  let number = 1;
  while (taken.has(live.stickId(number))) number += 1;
  return live.stickId(number);
}

/** A VM that was started without a USB controller gets one while it runs, if its machine takes it. */
async function addDevice(vm: VmLine, id: string): Promise<void> {
  if (await unless(live.hasNoController, vm, live.addStick(id, false))) return;
  const hasNew = await unless(live.isControllerRefused, vm, live.addController);
  if (await unless(live.hasNoController, vm, live.addStick(id, !hasNew))) return;
  throw new UserError(
    `${vm.name} has no USB controller, and its machine takes none while it runs. Give it one in the lab file, ` +
      `"sticks: []", and restart it.`,
  );
}

/** False: refused for this reason. */
async function unless(reason: (error: unknown) => boolean, vm: VmLine, query: QmpQuery<void>): Promise<boolean> {
  try {
    await vm.ask(query);
    return true;
  } catch (error) {
    if (isFor(reason, error)) return false;
    throw error;
  }
}

const isFor = (reason: (error: unknown) => boolean, error: unknown): boolean =>
  error instanceof UserError && reason(error.cause);

export interface PullOptions {
  readonly clock: Clock;
  /** Also if the guest holds it. */
  readonly isForced: boolean;
  readonly signal?: CancelSignal | undefined;
}

const [lookMs, limitMs] = [20, 30_000];

/** Takes a stick out; what QEMU had not written of it is written then. Rejects with a StickMounted if the guest holds it. */
export async function pullStick(
  vm: VmLine,
  { id, file, isLocked }: live.LiveStick,
  { clock, isForced, signal }: PullOptions,
): Promise<void> {
  if (isLocked && !isForced) throw new StickMounted(vm.name, file);
  await vm.ask(live.removeStick(id));
  const end = clock.now() + limitMs;
  while (!(await isClosed(vm, id))) {
    if (clock.now() >= end || signal?.aborted === true)
      throw new UserError(`${vm.name} has let go of ${file}, but QEMU has not closed it yet. Try again in a moment.`);
    await new Promise<void>(resolve => void clock.after(lookMs, resolve));
  }
}

async function isClosed(vm: VmLine, id: string): Promise<boolean> {
  try {
    return await unless(live.isNodeBusy, vm, live.closeStickNode(id));
  } catch (error) {
    if (isFor(live.isNodeGone, error)) return true;
    throw error;
  }
}
