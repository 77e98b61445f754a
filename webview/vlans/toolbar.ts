import { textButton } from '../shared/elements.ts';
import type { ChangeWay } from '../protocol.ts';

export interface ToolbarActions {
  readonly change: (way: ChangeWay) => void;
  readonly discard: () => void;
  /** Gives why the VLAN cannot be added; undefined if it was. */
  readonly addVlan: (vlan: number) => string | undefined;
}

export interface ToolbarState {
  readonly canApply: boolean;
  readonly canWrite: boolean;
  readonly canDiscard: boolean;
}

/** The buttons above the matrix. */
export class Toolbar {
  readonly element = document.createElement('div');
  private readonly apply: HTMLButtonElement;
  private readonly write: HTMLButtonElement;
  private readonly both: HTMLButtonElement;
  private readonly discard: HTMLButtonElement;
  private readonly vlan = document.createElement('input');

  constructor(actions: ToolbarActions) {
    this.apply = textButton('Apply Now', 'Tell the switch, at once', () => actions.change('live'));
    this.write = textButton('Write to Lab File', 'Change the lab file; Ctrl+Z there takes it back', () =>
      actions.change('file'),
    );
    this.both = textButton('Apply and Write', 'Tell the switch, and change the lab file', () => actions.change('both'));
    this.discard = textButton('Discard', 'Forget what was changed here', actions.discard);
    this.element.role = 'toolbar';
    this.element.ariaLabel = 'VLANs';
    this.element.className = 'toolbar';
    this.element.append(this.apply, this.write, this.both, this.discard, this.vlanForm(actions));
  }

  show({ canApply, canWrite, canDiscard }: ToolbarState): void {
    this.apply.disabled = !canApply;
    this.write.disabled = !canWrite;
    this.both.disabled = !canApply || !canWrite;
    this.discard.disabled = !canDiscard;
  }

  private vlanForm(actions: ToolbarActions): HTMLFormElement {
    const form = document.createElement('form');
    const add = textButton('Add VLAN', 'A column for one more VLAN');
    Object.assign(this.vlan, {
      type: 'text',
      inputMode: 'numeric',
      placeholder: 'VLAN',
      ariaLabel: 'Number of the VLAN',
    });
    this.vlan.maxLength = 4;
    this.vlan.addEventListener('input', () => this.vlan.setCustomValidity(''));
    form.className = 'add';
    form.append(this.vlan, add);
    form.addEventListener('submit', event => {
      event.preventDefault();
      const refusal = actions.addVlan(/^\d+$/.test(this.vlan.value) ? Number(this.vlan.value) : NaN);
      this.vlan.setCustomValidity(refusal ?? '');
      if (refusal === undefined) this.vlan.value = '';
      else this.vlan.reportValidity();
    });
    return form;
  }
}
