import { UserError } from '../../base/user-error.ts';
import { screenshotFile, vmFiles } from '../../lab/layout.ts';
import { takeScreenshot } from '../../qemu/qmp-queries.ts';
import type { Clock, Thumbnails } from '../host.ts';
import type { ThingRef } from '../state.ts';
import { openLabFile, type VmActions } from '../vms/vm-actions.ts';

/** Somebody who moves over the rows sees a picture of this moment, and QEMU is not asked at every move. */
const freshMs = 3_000;

/** Pictures of what VMs show on their displays. */
export class VmScreens {
  private readonly actions: VmActions;
  private readonly thumbnails: Thumbnails;
  private readonly clock: Clock;
  private readonly held = new Map<string, { readonly until: number; readonly picture: Promise<string> }>();

  constructor(actions: VmActions, thumbnails: Thumbnails, clock: Clock) {
    this.actions = actions;
    this.thumbnails = thumbnails;
    this.clock = clock;
  }

  /** Writes a PNG into the run-time folder; gives its path. */
  async screenshot(thing: ThingRef): Promise<string> {
    const { vm, folder } = await this.actions.running(thing);
    if (!vm.vnc) throw noDisplay(thing);
    const when = new Date(this.clock.now()).toISOString().replaceAll(/[-:]|\.\d+Z$/g, '');
    const file = `${folder}/${screenshotFile(vm.name, when)}`;
    await this.shoot(thing, file, 'png');
    return file;
  }

  /** A small PNG as base64. The last one serves for a few seconds. */
  thumbnail(thing: ThingRef): Promise<string> {
    const key = JSON.stringify([thing.lab, thing.name]);
    const now = this.clock.now();
    const held = this.held.get(key);
    if (held && now < held.until) return held.picture;
    const picture = this.takeThumbnail(thing);
    this.held.set(key, { until: now + freshMs, picture });
    picture.catch(() => this.held.delete(key));
    return picture;
  }

  private async takeThumbnail(thing: ThingRef): Promise<string> {
    const { folder } = await this.actions.running(thing);
    const file = `${folder}/${vmFiles(thing.name).screen}`;
    await this.shoot(thing, file, 'ppm');
    return this.thumbnails.take(file);
  }

  private async shoot(thing: ThingRef, file: string, format: 'png' | 'ppm'): Promise<void> {
    try {
      await this.actions.ask(thing, takeScreenshot(file, format));
    } catch (error) {
      throw error instanceof UserError && error.message.includes('no console') ? noDisplay(thing) : error;
    }
  }
}

const noDisplay = (thing: ThingRef): UserError =>
  new UserError(
    `${thing.name} has no display, so there is no screen to take a picture of. Give it one in the lab file, "vnc: true", and restart it.`,
    [openLabFile(thing)],
  );
