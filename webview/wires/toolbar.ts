import { textButton } from '../shared/elements.ts';
import type { WirePicture } from '../protocol.ts';

export interface ToolbarActions {
  readonly link: (isOn: boolean) => void;
  readonly preset: (name: string) => void;
  readonly reset: () => void;
  readonly write: () => void;
  readonly measure: () => void;
}

export interface ToolbarState {
  readonly wire: WirePicture | undefined;
  readonly isBusy: boolean;
  readonly isLinked: boolean;
  readonly isEdited: boolean;
}

/** What is above the sliders. */
export class Toolbar {
  readonly element = document.createElement('div');
  private readonly link = document.createElement('input');
  private readonly presets = document.createElement('select');
  private readonly preset: HTMLButtonElement;
  private readonly reset: HTMLButtonElement;
  private readonly write: HTMLButtonElement;
  private readonly measure: HTMLButtonElement;
  private known = '';

  constructor(actions: ToolbarActions) {
    this.write = textButton('Write to Lab File', 'Change the lab file; Ctrl+Z there takes it back', actions.write);
    this.reset = textButton('Reset', 'Nothing is wrong with the wire any more', actions.reset);
    this.measure = textButton('Measure', 'Send packets through it: delay and loss', actions.measure);
    this.preset = textButton('Use Preset', 'Make the wire like this one', () => actions.preset(this.presets.value));
    this.presets.ariaLabel = 'Preset';
    this.link.type = 'checkbox';
    this.link.addEventListener('change', () => actions.link(this.link.checked));
    const label = document.createElement('label');
    label.className = 'link';
    label.append(this.link, 'Same in both directions');
    this.element.role = 'toolbar';
    this.element.ariaLabel = 'Wire';
    this.element.className = 'toolbar';
    this.element.append(this.write, this.reset, this.measure, this.presets, this.preset, label);
  }

  show({ wire, isBusy, isLinked, isEdited }: ToolbarState): void {
    const canApply = wire?.canApply === true && !isBusy;
    const canWrite = wire?.canWrite === true && !isBusy;
    this.write.disabled = !canWrite;
    this.reset.disabled = !(canApply || (canWrite && wire.states === '') || isEdited);
    this.measure.disabled = !canApply;
    this.preset.disabled = !canApply;
    this.link.checked = isLinked;
    this.link.disabled = !(canApply || canWrite) || wire.states !== '';
    this.showPresets(wire);
  }

  /** Made anew only when there are others, so that what is chosen stays chosen. */
  private showPresets(wire: WirePicture | undefined): void {
    const known = JSON.stringify(wire?.presets ?? []);
    if (known === this.known) return;
    this.known = known;
    const { value } = this.presets;
    const options = (wire?.presets ?? []).map(({ name, words }) => {
      const option = new Option(`${name}: ${words}`, name);
      option.title = words;
      return option;
    });
    this.presets.replaceChildren(...options);
    if (wire?.presets.some(({ name }) => name === value)) this.presets.value = value;
  }
}
