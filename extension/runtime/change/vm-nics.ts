import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import * as nics from '../../qemu/live-nics.ts';
import type { QmpQuery } from '../../qemu/qmp.ts';
import { QmpRefusal } from '../../qemu/qmp.ts';
import type { Clock, QmpDialer } from '../host.ts';

/** One VM that can be asked. Rejects with a UserError that names it. */
export interface VmLine {
  readonly name: string;
  ask<T>(query: QmpQuery<T>, signal?: CancelSignal): Promise<T>;
}

/** `socket`: the VM's QMP socket for short commands. */
export const vmLine = (qmp: QmpDialer, name: string, socket: string): VmLine => ({
  name,
  async ask(query, signal) {
    try {
      return await qmp.ask(socket, query, signal);
    } catch (cause) {
      if (!(cause instanceof UserError)) throw cause;
      const reason = cause instanceof QmpRefusal ? `${cause.reason}.` : `It cannot be asked. ${cause.message}`;
      throw new UserError(`${name}: ${reason}`, [], { cause });
    }
  },
});

/** Takes the plug out of the switch. The guest keeps its card and sees nothing of it. Repeating it does no harm. */
export async function unplugNic(vm: VmLine, number: number): Promise<void> {
  await doneOr(nics.isThereAlready, vm.ask(nics.addHubPort(number, 'open')));
  for (const which of ['plug', 'vde'] as const) await doneOr(nics.isNotThere, vm.ask(nics.removeNetdev(number, which)));
}

/** Moves the plug into a port that is there and free: another one would hang the VM. `socket`: the switch's folder. */
export async function plugNic(vm: VmLine, number: number, socket: string, port: number): Promise<void> {
  await unplugNic(vm, number);
  await vm.ask(nics.addPlug(number, socket, port));
  await vm.ask(nics.addHubPort(number, 'plug'));
}

export interface NewCard {
  readonly number: number;
  /** By QEMU's device name. */
  readonly driver: string;
  readonly mac: string;
}

/** Puts a card into a running VM; its plug comes by `plugNic`. What is left of an earlier try is used. */
export async function addCard(vm: VmLine, { number, driver, mac }: NewCard): Promise<void> {
  await doneOr(nics.isThereAlready, vm.ask(nics.addHubPort(number, 'nic')));
  await vm.ask(nics.addCard(number, driver, mac));
}

/** How long a guest may take to let go of a card. */
const releaseMs = 15_000;
const lookMs = 100;

/** Takes a card out of a running VM. The guest has to let go of it; if it does not, the NIC stays as it was. */
export async function removeNic(
  vm: VmLine,
  number: number,
  clock: Clock,
  signal?: CancelSignal,
  limitMs = releaseMs,
): Promise<void> {
  await doneOr(nics.isNotThere, vm.ask(nics.removeCard(number)));
  const end = clock.now() + limitMs;
  while ((await vm.ask(nics.queryNics)).some(nic => nic.number === number && nic.model !== undefined)) {
    if (signal?.aborted) throw new UserError(`${vm.name}: waiting for NIC ${number} to go was called off.`);
    if (clock.now() >= end) throw stubborn(vm.name, number);
    await new Promise<void>(resolve => void clock.after(lookMs, resolve));
  }
  await unplugNic(vm, number);
  for (const which of ['open', 'pulled', 'nic'] as const)
    await doneOr(nics.isNotThere, vm.ask(nics.removeNetdev(number, which)));
}

const stubborn = (name: string, number: number): UserError =>
  new UserError(
    `The guest of ${name} was asked to let go of NIC ${number} and did not: it may be booting, halted, or unable to. ` +
      `The NIC stays. Try again when the guest is up, or restart ${name}.`,
  );

/** Pulls the cable of a NIC, or plugs it in again: the guest sees the carrier go and come. */
export async function setCable(vm: VmLine, number: number, isPulled: boolean): Promise<'done' | 'already'> {
  const known = await vm.ask(nics.queryNics);
  const nic = known.find(one => one.number === number && one.model !== undefined);
  if (!nic) {
    const list = known.flatMap(one => (one.model === undefined ? [] : one.number)).join(', ');
    throw new UserError(`${vm.name} has no NIC ${number} ${list === '' ? 'and no other' : `(it has ${list})`}.`);
  }
  await vm.ask(nics.setLink(number, !isPulled));
  if (nic.isPulled === isPulled) return 'already';
  await vm.ask(isPulled ? nics.addHubPort(number, 'pulled') : nics.removeNetdev(number, 'pulled'));
  return 'done';
}

async function doneOr(isFine: (error: unknown) => boolean, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof UserError && isFine(error.cause))) throw error;
  }
}
