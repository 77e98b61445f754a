import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import type { VmOrder } from '../../dialogue/install-script.ts';
import { QmpRefusal } from '../../qemu/qmp.ts';
import * as query from '../../qemu/qmp-queries.ts';
import type { Clock, QmpDialer } from '../host.ts';
import { timePassed } from '../time-passed.ts';
import type { MachineOrders } from './console-stage.ts';

export interface VmOrderParts {
  readonly qmp: QmpDialer;
  readonly clock: Clock;
  /** Where the VM is asked. */
  readonly socket: string;
  /** Looks at whether the VM runs, now. */
  readonly isRunning: () => Promise<boolean>;
}

/** How often it is looked whether something has come about that nobody tells. */
const lookMs = 500;

/** Orders of a script to a VM, through QMP. */
export class VmOrders implements MachineOrders {
  private readonly parts: VmOrderParts;

  constructor(parts: VmOrderParts) {
    this.parts = parts;
  }

  /** A guest that has mounted a CD lets go of it when QEMU asks it to, after a while. */
  async changeCd(file: string | undefined, signal: CancelSignal): Promise<void> {
    const { qmp, socket, clock } = this.parts;
    const [drive] = await qmp.ask(socket, query.queryCdDrives, signal);
    if (!drive) throw new UserError('The VM has no CD drive. Give it one in the lab file: "cdrom: FILE.iso".');
    const order = file === undefined ? query.ejectCd(drive, false) : query.changeCd(drive, file, false);
    while (!signal.aborted) {
      try {
        await qmp.ask(socket, order, signal);
        return;
      } catch (error) {
        if (!(error instanceof QmpRefusal) || !/is locked|is not open/.test(error.reason)) throw error;
      }
      await timePassed(clock, lookMs, signal);
    }
  }

  async order(order: VmOrder, signal: CancelSignal): Promise<void> {
    if (order === 'off') await this.untilOff(signal);
    else await this.parts.qmp.ask(this.parts.socket, orders[order], signal);
  }

  private async untilOff(signal: CancelSignal): Promise<void> {
    while (!signal.aborted && (await this.parts.isRunning())) await timePassed(this.parts.clock, lookMs, signal);
  }
}

const orders = {
  reboot: query.sendKeys(['ctrl', 'alt', 'delete']),
  reset: query.resetVm,
  powerdown: query.pressPowerButton,
} as const;
