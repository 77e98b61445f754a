import { UserError } from '../../base/user-error.ts';
import { resolvePath } from '../../lab/files.ts';
import { member, textOf } from '../../qemu/json-value.ts';
import type { VmInstall } from '../../lab/install.ts';
import type { ImageFiles } from '../image-ports.ts';
import type { ImageActions } from '../images/image-actions.ts';
import type { InstallFiles } from '../install-ports.ts';
import type { Clock, Files } from '../host.ts';
import type { LabControl, Outcome, Verb } from '../lab-control.ts';
import { folderOf } from '../paths.ts';
import { readChain } from '../images/image-chain.ts';
import type { RunEnd } from './script-run.ts';
import { installDisk, recordPath, stagePath, type VmDisk, type VmPlace } from './vm-disk.ts';

export interface InstallerParts {
  readonly control: LabControl;
  readonly actions: ImageActions;
  readonly images: ImageFiles;
  readonly files: Pick<Files, 'read' | 'write'>;
  readonly installs: InstallFiles;
  readonly clock: Pick<Clock, 'now'>;
  /** The user's home folder, for `~/`. */
  readonly home: string;
}

/** That a VM was installed: the very disk, by what and when. */
export interface InstallRecord {
  /** See InstallFiles.identity. */
  readonly disk: string;
  readonly script: string;
  /** Milliseconds since 1970. */
  readonly when: number;
}

/** Somebody else is at it, or it is done. */
export class AlreadySo extends UserError {}

/**
 * Installs VMs. The VM writes beside its disk, and what it wrote takes the disk's place only when the script has come to
 * its end: whatever else happens, the disk is as it was.
 */
export class VmInstaller {
  private readonly parts: InstallerParts;

  constructor(parts: InstallerParts) {
    this.parts = parts;
  }

  /** Undefined: it was not, or its disk is another one since. */
  async installed(place: VmPlace): Promise<InstallRecord | undefined> {
    const text = await this.parts.files.read(recordPath(place));
    const record = text === undefined ? undefined : readRecord(text);
    if (!record) return undefined;
    const identity = await this.parts.installs.identity(installDisk(place, this.parts.home).path);
    return identity === record.disk ? record : undefined;
  }

  /**
   * `play` plays the script at the VM's console; it calls `start`, which starts the VM, once it listens there. Rejects with an
   * AlreadySo if another install of this VM is under way or the VM runs.
   */
  async install(
    place: VmPlace,
    install: VmInstall,
    play: (start: () => Promise<void>) => Promise<RunEnd>,
  ): Promise<RunEnd> {
    const disk = installDisk(place, this.parts.home);
    const lock = await this.lock(place);
    if (!lock) throw new AlreadySo(`${place.vm.name} is being installed by another process.`);
    try {
      return await this.onStage(place, install, disk, play);
    } finally {
      await lock.release();
    }
  }

  private async onStage(
    place: VmPlace,
    install: VmInstall,
    disk: VmDisk,
    play: (start: () => Promise<void>) => Promise<RunEnd>,
  ): Promise<RunEnd> {
    const stage = stagePath(disk);
    /** The VM on the stage is ours; one that ran before is not ended. */
    const own = { isStarted: false };
    const start = async (): Promise<void> => {
      await this.prepare(disk, stage);
      const settings = [`${disk.setting}=${stage}`, ...this.settings(place, install)];
      const outcome = await this.run('start', place, settings);
      if (outcome?.kind === 'already') throw new AlreadySo(`${place.vm.name} runs. Stop it before it is installed.`);
      own.isStarted = true;
      if (outcome?.kind !== 'done') throw new UserError(outcome?.message ?? `${place.vm.name} did not start.`);
    };
    try {
      const end = await play(start);
      if (end.kind === 'finished') {
        await this.run('stop', place);
        await this.keep(place, install, disk, stage);
      }
      return end;
    } finally {
      if (own.isStarted) await this.run('kill', place);
      await this.parts.images.remove(stage);
    }
  }

  /** Makes what the VM will write to. Over an image the script makes it, as it makes any first disk. */
  private async prepare(disk: VmDisk, stage: string): Promise<void> {
    const { actions, images } = this.parts;
    await images.remove(stage);
    if (!(await images.look(disk.path))) {
      if (disk.isOverlay) return;
      if (disk.size === undefined)
        throw new UserError(`${disk.path} is not there. Give the disk a size to have it made.`);
      await actions.create({ path: stage, format: 'qcow2' }, disk.size);
      return;
    }
    const { links } = await readChain(disk.path, disk.format, images);
    if (links[0]?.facts.kind === 'qcow2' && links[0].facts.snapshots > 0)
      throw new UserError(`${disk.path} has snapshots, which an installed disk would not have. Delete them first.`);
    await actions.create({ path: stage, format: 'qcow2' }, undefined, { path: disk.path, format: disk.format });
  }

  private settings({ labPath }: VmPlace, install: VmInstall): readonly string[] {
    const path = (file: string | undefined): string | undefined =>
      file === undefined ? undefined : resolvePath(file, folderOf(labPath), this.parts.home);
    const { kernel, initrd, append, cdrom } = install;
    const all = { KERNEL: path(kernel), INITRD: path(initrd), APPEND: append, CDROM: path(cdrom) };
    return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  }

  private async keep(place: VmPlace, install: VmInstall, disk: VmDisk, stage: string): Promise<void> {
    const { actions, files, installs, clock } = this.parts;
    await actions.replaceBase(stage, disk.path);
    const identity = (await installs.identity(disk.path)) ?? '';
    const record: InstallRecord = { disk: identity, script: install.script, when: clock.now() };
    await files.write(recordPath(place), `${JSON.stringify(record, null, 2)}\n`);
  }

  private async run(verb: Verb, { labPath, vm }: VmPlace, settings?: readonly string[]): Promise<Outcome | undefined> {
    const things = [{ lab: labPath, kind: 'vm', name: vm.name } as const];
    const [outcome] = await this.parts.control.run(verb, things, { settings });
    return outcome;
  }

  /** The folder of the disk may not be there yet. */
  private async lock(place: VmPlace): ReturnType<InstallFiles['lock']> {
    const file = `${recordPath(place)}.lock`;
    if (!(await this.parts.images.look(file))) await this.parts.files.write(file, '');
    return this.parts.installs.lock(file);
  }
}

/** Undefined: it is no record, and the VM counts as not installed. */
function readRecord(text: string): InstallRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const [disk, script, when] = [
      textOf(member(value, 'disk')),
      textOf(member(value, 'script')),
      member(value, 'when'),
    ];
    return disk === undefined || script === undefined || typeof when !== 'number' ? undefined : { disk, script, when };
  } catch {
    return undefined;
  }
}
