import { wireDirections, type WireDirection, type WireFaultKey, type WirePicture, type WireWays } from '../protocol.ts';
import { positionOf, readField, scales, sliderSteps, valueAt, type Scale } from './scale.ts';
import { spokenWay } from './words.ts';

/** `value`: in the units of a `WireAmount`. */
export type OnValue = (key: WireFaultKey, direction: WireDirection, value: number) => void;

export interface RowModel {
  readonly wire: WirePicture;
  readonly shown: WireWays;
  /** One slider stands for both directions. */
  readonly isLinked: boolean;
  readonly isDisabled: boolean;
}

/** One fault: its name, and a slider with a field for each direction. */
export class FaultRow {
  readonly element = document.createElement('tr');
  private readonly key: WireFaultKey;
  private readonly cells: Readonly<Record<WireDirection, FaultCell>>;

  constructor(key: WireFaultKey, onValue: OnValue) {
    this.key = key;
    const scale = scales[key];
    const head = document.createElement('th');
    head.scope = 'row';
    head.textContent = scale.name;
    head.title = scale.hint;
    const cell = (direction: WireDirection): FaultCell =>
      new FaultCell(scale, `${key}-${direction}`, value => onValue(key, direction, value));
    this.cells = { there: cell('there'), back: cell('back') };
    this.element.append(head, this.cells.there.element, this.cells.back.element);
  }

  show({ wire, shown, isLinked, isDisabled }: RowModel): void {
    const scale = scales[this.key];
    for (const direction of wireDirections) {
      const { value = 0, spread = 0 } = shown[direction][this.key] ?? {};
      const way = spokenWay(wire, isLinked ? 'both' : direction);
      const cell = this.cells[direction];
      cell.element.hidden = isLinked && direction === 'back';
      cell.show(value / scale.factor, spread / scale.factor, `${scale.name}, ${way}`, isDisabled);
    }
  }
}

class FaultCell {
  readonly element = document.createElement('td');
  private readonly scale: Scale;
  private readonly onValue: (value: number) => void;
  private readonly slider = document.createElement('input');
  private readonly field = document.createElement('input');
  private readonly spread = document.createElement('span');

  constructor(scale: Scale, id: string, onValue: (value: number) => void) {
    this.scale = scale;
    this.onValue = onValue;
    Object.assign(this.slider, { type: 'range', min: '0', max: String(sliderSteps), step: '1', id: `slider-${id}` });
    Object.assign(this.field, { type: 'text', inputMode: 'decimal', id: `field-${id}`, maxLength: 12 });
    const unit = document.createElement('span');
    unit.className = 'unit';
    unit.textContent = scale.unit;
    this.spread.className = 'spread';
    const box = document.createElement('div');
    box.className = 'amount';
    box.append(this.slider, this.field, unit, this.spread);
    this.element.append(box);
    this.slider.addEventListener('input', () => this.slide());
    this.field.addEventListener('change', () => this.take());
    this.field.addEventListener('input', () => this.field.setCustomValidity(''));
  }

  show(value: number, spread: number, label: string, isDisabled: boolean): void {
    const text = plain(value);
    // What is being typed is not taken away.
    if (document.activeElement !== this.field) this.field.value = text;
    if (valueAt(this.scale, Number(this.slider.value)) !== value)
      this.slider.value = String(positionOf(this.scale, value));
    this.slider.ariaLabel = label;
    this.slider.ariaValueText = value === 0 ? 'none' : `${text} ${this.scale.unit}`;
    this.field.ariaLabel = `${label}, in ${this.scale.unit}`;
    this.spread.textContent = spread === 0 ? '' : `±${plain(spread)}`;
    this.element.classList.toggle('none', value === 0 && spread === 0);
    for (const input of [this.slider, this.field]) input.disabled = isDisabled;
  }

  private slide(): void {
    const value = valueAt(this.scale, Number(this.slider.value));
    this.field.value = plain(value);
    this.onValue(value * this.scale.factor);
  }

  private take(): void {
    const value = readField(this.scale, this.field.value);
    this.field.setCustomValidity(value === undefined ? `A number from 0 to ${this.scale.limit}` : '');
    if (value === undefined) this.field.reportValidity();
    else this.onValue(value * this.scale.factor);
  }
}

const plain = (value: number): string => String(Number(value.toFixed(4)));
