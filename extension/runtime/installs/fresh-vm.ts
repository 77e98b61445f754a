import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { labScript } from '../../lab/layout.ts';
import type { Lab } from '../../lab/model.ts';
import { consolesOfLab, type KnownConsole } from '../console/console-list.ts';
import type { Files, ScriptRunner } from '../host.ts';
import { scriptFolder } from '../lab-identity.ts';
import { writeScripts } from '../script-writer.ts';

export interface FreshVmPorts {
  readonly files: Files;
  readonly scripts: ScriptRunner;
  /** Removes a folder with all that is in it, if there is one. */
  readonly removeFolder: (path: string) => Promise<void>;
}

/** The only VM of a fresh lab (see `freshLab`), from its start until nothing of it is left. */
export class FreshVm {
  private readonly ports: FreshVmPorts;
  private readonly labPath: string;
  private readonly lab: Lab;
  private readonly folder: string;
  private isWritten = false;

  /** `labPath`: the lab file that it is made of. */
  constructor(ports: FreshVmPorts, labPath: string, lab: Lab) {
    this.ports = ports;
    this.labPath = labPath;
    this.lab = lab;
    this.folder = scriptFolder(labPath, lab);
  }

  /** Its serial console; it may be listened to before it is there. */
  console(runRoot: string): KnownConsole {
    const [serial] = consolesOfLab(this.lab, `${runRoot}/${this.lab.name}`);
    if (!serial) throw new Error('a fresh lab has a VM with an ID');
    return serial;
  }

  /** A UserError says why it did not start. `stop` is to be called in any case. */
  async start(signal: CancelSignal): Promise<void> {
    const { files, scripts } = this.ports;
    if (await files.exists(this.folder))
      throw new UserError(`${this.folder} is in the way: remove it, or what runs from it, and try again.`);
    this.isWritten = true;
    await writeScripts(files, this.labPath, this.lab);
    if (this.lab.vms.some(vm => vm.cloudInit)) {
      const { writeSeeds } = await import('../images/seed-writer.ts');
      await writeSeeds(files, this.labPath, this.lab);
    }
    const { code, output } = await scripts.run(`${this.folder}/${labScript}`, ['start'], signal);
    if (code !== 0 && !signal.aborted) throw new UserError(`The fresh VM did not start. ${output.trim()}`);
  }

  /** Ends it at once and removes all that it had. */
  async stop(): Promise<void> {
    if (!this.isWritten) return;
    const { scripts, removeFolder } = this.ports;
    const { code, output } = await scripts.run(`${this.folder}/${labScript}`, ['kill']);
    if (code !== 0) throw new UserError(`The fresh VM in ${this.folder} was not ended. ${output.trim()}`);
    await removeFolder(this.folder);
  }
}
