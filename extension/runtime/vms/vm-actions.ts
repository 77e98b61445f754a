import { UserError, type UserAction } from '../../base/user-error.ts';
import { vmFiles } from '../../lab/layout.ts';
import type { Lab, Vm } from '../../lab/model.ts';
import { commandsOf, type HmpCommand } from '../../qemu/hmp-help.ts';
import { keyWords, parseKeys } from '../../qemu/key-combination.ts';
import { QmpRefusal, type QmpQuery } from '../../qemu/qmp.ts';
import * as query from '../../qemu/qmp-queries.ts';
import { haltWords } from '../../qemu/vm-status.ts';
import type { QmpDialer } from '../host.ts';
import type { ThingRef } from '../state.ts';
import type { LabStore } from '../store.ts';
import { folderOfVm } from './vm-places.ts';

export interface VmActionParts {
  readonly store: LabStore;
  readonly qmp: QmpDialer;
  /** The run-time folder of a lab, by its name. */
  readonly runDir: (lab: string) => string;
  /** Looks at what runs, now. */
  readonly look: () => Promise<void>;
}

/** What an order to a running VM names: the VM, and where its files lie. */
export interface RunningTarget {
  readonly lab: Lab;
  readonly vm: Vm;
  readonly folder: string;
}

/** What can be done to a VM that runs, through QMP. All failures are UserErrors that name the VM. */
export class VmActions {
  private readonly parts: VmActionParts;

  constructor(parts: VmActionParts) {
    this.parts = parts;
  }

  /** Stops the guest in the middle of whatever it does. Gives a line that says what happened, as all of these do. */
  async pause(thing: ThingRef): Promise<string> {
    await this.ask(thing, query.pauseVm);
    await this.learnStatus(thing);
    return `${thing.name} is paused.`;
  }

  async resume(thing: ThingRef): Promise<string> {
    await this.ask(thing, query.resumeVm);
    const halted = await this.learnStatus(thing);
    if (halted === undefined) return `${thing.name} runs again.`;
    throw new UserError(`${thing.name} does not go on: ${halted}. Its guest cannot run; reset or restart it.`);
  }

  async reset(thing: ThingRef): Promise<string> {
    await this.ask(thing, query.resetVm);
    const halted = await this.learnStatus(thing);
    return `${thing.name} was reset${halted === undefined ? '' : `; it is still ${halted}`}.`;
  }

  async pressPowerButton(thing: ThingRef): Promise<string> {
    await this.ask(thing, query.pressPowerButton);
    const halted = await this.learnStatus(thing);
    if (halted === undefined) return `The power button of ${thing.name} was pressed. What follows is up to its guest.`;
    return `The power button of ${thing.name} was pressed; its guest sees it when it is resumed (it is ${halted}).`;
  }

  /** `keys` as in `ctrl-alt-delete`. */
  async sendKeys(thing: ThingRef, keys: string): Promise<string> {
    const parsed = parseKeys(keys);
    await this.ask(thing, query.sendKeys(parsed));
    return `${keyWords(parsed)} was sent to ${thing.name}.`;
  }

  /** The VM's first CD drive. */
  async cdDrive(thing: ThingRef): Promise<query.CdDrive> {
    const [drive] = await this.ask(thing, query.queryCdDrives);
    if (drive) return drive;
    throw new UserError(
      `${thing.name} has no CD drive. Give it one in the lab file, "cdrom: FILE.iso", and restart it.`,
      [openLabFile(thing)],
    );
  }

  async ejectCd(thing: ThingRef, isForced = false): Promise<string> {
    const drive = await this.cdDrive(thing);
    await this.changingCd(thing, 'kvmlab.ejectCd', query.ejectCd(drive, isForced));
    return drive.file === undefined
      ? `The CD drive of ${thing.name} was empty; its tray is open.`
      : `The CD was taken out of ${thing.name} (${drive.file}).`;
  }

  /** `file`: absolute path of an image. */
  async changeCd(thing: ThingRef, file: string, isForced = false): Promise<string> {
    const drive = await this.cdDrive(thing);
    await this.changingCd(thing, 'kvmlab.changeCd', query.changeCd(drive, file, isForced), [file]);
    return `${file} is in the CD drive of ${thing.name}.`;
  }

  /** One line of QEMU's monitor for people; gives its answer. */
  async monitor(thing: ThingRef, line: string): Promise<string> {
    const answer = await this.ask(thing, query.monitorCommand(line));
    await this.learnStatus(thing).catch(() => undefined);
    return answer;
  }

  async monitorCommands(thing: ThingRef): Promise<readonly HmpCommand[]> {
    const help = await this.ask(thing, query.monitorCommand('help'));
    return commandsOf(help, await this.ask(thing, query.monitorCommand('help info')));
  }

  /** Asks the VM; says it in words for people when it cannot be asked. */
  async ask<T>(thing: ThingRef, question: QmpQuery<T>): Promise<T> {
    const { folder } = await this.running(thing);
    try {
      return await this.parts.qmp.ask(`${folder}/${vmFiles(thing.name).qmp}`, question);
    } catch (cause) {
      if (!(cause instanceof UserError) || cause instanceof QmpRefusal) throw named(thing, cause);
      throw new UserError(`${thing.name} cannot be asked. ${cause.message}`, [], { cause });
    }
  }

  /** The VM as the lab describes it. Throws if it does not run. */
  async running(thing: ThingRef): Promise<RunningTarget> {
    await this.parts.look();
    const lab = this.parts.store.lab(thing.lab)?.lab;
    const vm = thing.kind === 'vm' ? lab?.vms.find(one => one.name === thing.name) : undefined;
    if (!lab || !vm) throw new UserError(`There is no VM ${thing.name} in ${thing.lab}.`);
    const state = this.parts.store.stateOf(thing);
    const { kind } = state;
    if (kind === 'running' || kind === 'stopping')
      return { lab, vm, folder: folderOfVm(state, this.parts.runDir(lab.name)) };
    const start = { title: 'Start', command: 'kvmlab.start', args: [thing] };
    throw new UserError(`${thing.name} is not running.`, kind === 'starting' ? [] : [start]);
  }

  /** Tells the store at once what our own order changed; gives why the guest does not run, if it does not. */
  private async learnStatus(thing: ThingRef): Promise<string | undefined> {
    const halted = haltWords(await this.ask(thing, query.queryStatus));
    const state = this.parts.store.stateOf(thing);
    if (state.kind === 'running') this.parts.store.setHalted(state.pid, halted);
    return halted;
  }

  /** A guest that has mounted a CD locks the tray; QEMU then asks it to let go and refuses for now. */
  private async changingCd(
    thing: ThingRef,
    command: string,
    question: QmpQuery<void>,
    more: readonly unknown[] = [],
  ): Promise<void> {
    try {
      await this.ask(thing, question);
    } catch (error) {
      const reason = error instanceof UserError && error.cause instanceof QmpRefusal ? error.cause.reason : '';
      if (!/is locked|is not open/.test(reason)) throw error;
      const force = { title: 'Use Force', command, args: [thing, true, ...more] };
      throw new UserError(
        `The guest of ${thing.name} has locked its CD drive and was asked to let go. Try again, or pull it out by force.`,
        [force],
        { cause: error },
      );
    }
  }
}

/** QEMU's refusal, with the name of the VM before it. */
const named = (thing: ThingRef, cause: unknown): unknown =>
  cause instanceof QmpRefusal ? new UserError(`${thing.name}: ${cause.reason}.`, [], { cause }) : cause;

export const openLabFile = (thing: ThingRef): UserAction => ({
  title: 'Open Lab File',
  command: 'kvmlab.openLabFile',
  args: [thing],
});
