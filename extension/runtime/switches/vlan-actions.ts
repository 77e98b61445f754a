import { UserError } from '../../base/user-error.ts';
import type { TextEdit } from '../../lab/edits/edit.ts';
import type { IncludedFile } from '../../lab/model.ts';
import { baseName } from '../paths.ts';
import type { RunningSwitch } from '../state.ts';
import type { LabStore } from '../store.ts';
import type { SwitchWatcher } from './switch-watcher.ts';
import { fixesOf } from './vlan-drift.ts';
import { switchOf, type MatrixTarget } from './vlan-matrix.ts';
import { adoptionOf, commandsFor, editsFor, type PortWish } from './vlan-orders.ts';

/** Changes a lab file as a user would: all at once, and nothing is saved. */
export interface LabFileEditor {
  /** Gives whether there was anything to change. Throws what `make` throws. */
  edit(path: string, make: (text: string) => readonly TextEdit[]): Promise<boolean>;
}

export interface VlanActionParts {
  readonly store: LabStore;
  readonly switches: SwitchWatcher;
  readonly editor: LabFileEditor;
}

/** Changes VLANs: in switches that run, in lab files, and the ones as the others are. Each gives what was done, in words. */
export class VlanActions {
  private readonly parts: VlanActionParts;

  constructor(parts: VlanActionParts) {
    this.parts = parts;
  }

  /** Tells the switch the VLANs of these ports. */
  async apply(target: MatrixTarget, wishes: readonly PortWish[]): Promise<string> {
    const { switches } = this.parts;
    const of = this.running(target);
    const picture = await switches.look(of);
    await switches.tell(of, commandsFor(picture, wishes));
    return `Applied to switch ${target.name}.`;
  }

  /** Writes the VLANs of these ports into the lab file. */
  write({ lab, name }: MatrixTarget, wishes: readonly PortWish[]): Promise<string> {
    return this.edit(lab, text => editsFor(text, name, wishes, this.includedBy(lab)));
  }

  /** Makes a running switch as its lab file says, without touching who is plugged in. */
  async applyFile(target: MatrixTarget): Promise<string> {
    const { switches } = this.parts;
    const of = this.running(target);
    const { drift } = await switches.look(of);
    if (!drift) throw noFile(target);
    const fixes = fixesOf(drift);
    await switches.tell(of, fixes);
    const left = drift.filter(one => one.fix.length === 0).map(one => one.words);
    if (left.length > 0) throw new UserError(`Switch ${of.name} still differs from its lab file: ${left.join('; ')}.`);
    return `Switch ${of.name} ${fixes.length === 0 ? 'had nothing to be changed' : 'is as its lab file says'}.`;
  }

  /** Makes the lab file of a running switch say what runs, as far as it can. */
  async adopt(target: MatrixTarget): Promise<string> {
    if (target.lab === '') throw noFile(target);
    const picture = await this.parts.switches.look(this.running(target));
    let left: readonly string[] = [];
    const words = await this.edit(target.lab, text => {
      const adoption = adoptionOf(text, picture, undefined, this.includedBy(target.lab));
      left = adoption.left;
      return adoption.edits;
    });
    return left.length === 0 ? words : `${words} A lab file cannot say this: ${left.join('; ')}.`;
  }

  private includedBy(lab: string): readonly IncludedFile[] | undefined {
    return this.parts.store.lab(lab)?.reading.included;
  }

  private running(target: MatrixTarget): RunningSwitch {
    const { labs, host } = this.parts.store;
    const of = switchOf(target, labs, host.switches);
    if (!of) throw new UserError(`Switch ${target.name} does not run any more, so nothing was changed.`);
    return of;
  }

  private async edit(path: string, make: (text: string) => readonly TextEdit[]): Promise<string> {
    const isChanged = await this.parts.editor.edit(path, make);
    const file = baseName(path);
    return isChanged ? `Written into ${file}, which is not saved yet.` : `${file} says so already.`;
  }
}

const noFile = ({ name }: MatrixTarget): UserError =>
  new UserError(`No lab file of this workspace has the switch ${name}.`);
