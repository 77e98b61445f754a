import { UserError } from '../../base/user-error.ts';
import { wirePresets } from '../../lab/reading/read-faults.ts';
import { perfectWire, type BothFaults, type WireFaults, type WirePreset } from '../../lab/wire-faults.ts';
import type { LabStore } from '../store.ts';
import { faultWords } from '../../lab/fault-words.ts';
import { measuredWords, measureTarget } from './measure-target.ts';
import type { WireControl } from './wire-control.ts';
import { wireOf, type NamedWire, type WireTarget } from './wire-picture.ts';
import type { ProbeParts } from './wire-probes.ts';

export interface WireActionParts {
  readonly store: LabStore;
  readonly control: Pick<WireControl, 'read' | 'change'>;
  /** What a wire has is other than before: rows and pictures are to say so. */
  readonly changed: () => Promise<void>;
  /** Writes into the lab file what is wrong with a wire; gives what was done, in words. */
  readonly write: (target: WireTarget, faults: WireFaults) => Promise<string>;
  readonly probes: ProbeParts;
}

/** In each direction. */
const measuredPackets = 200;

/** What the panel of a wire can do. Each gives what was done, in words, and rejects with a UserError. */
export class WireActions {
  private readonly parts: WireActionParts;

  constructor(parts: WireActionParts) {
    this.parts = parts;
  }

  /** Sets both directions; whether packets overtake each other stays. */
  async change(target: WireTarget, { there, back }: BothFaults): Promise<string> {
    return this.make(target, now => ({ ...now, there, back, chain: undefined }));
  }

  async usePreset(target: WireTarget, name: string): Promise<string> {
    const preset = this.presets(target).find(one => one.name === name);
    if (!preset) throw new UserError(`There is no preset ${name} any more.`);
    return this.make(target, () => preset.faults);
  }

  async reset(target: WireTarget): Promise<string> {
    return this.make(target, () => perfectWire);
  }

  /** `ways` undefined: what it has now, with all its states. */
  async write(target: WireTarget, ways: BothFaults | undefined): Promise<string> {
    const live = await this.parts.control.read(target);
    const now = live.kind === 'told' ? live.faults : this.wire(target).faults;
    return this.parts.write(target, ways ? { ...now, ...ways, chain: undefined } : now);
  }

  /** Sends packets through it, both ways. */
  async measure(target: WireTarget): Promise<string> {
    const { store, control, probes } = this.parts;
    const { ends } = this.wire(target);
    const { lab } = store.lab(target.lab) ?? {};
    const live = await control.read(target);
    if (!lab || live.kind === 'stopped') throw new UserError('It does not run, so nothing arrives. Start it first.');
    const faults = live.kind === 'told' ? live.faults : undefined;
    return measuredWords(
      await measureTarget({ target, lab, faults, count: measuredPackets }, { ...probes, store }),
      ends,
    );
  }

  presets({ lab }: WireTarget): readonly WirePreset[] {
    return wirePresets(this.parts.store.lab(lab)?.lab?.presets);
  }

  private async make(target: WireTarget, to: (now: WireFaults) => WireFaults): Promise<string> {
    const { title, ends } = this.wire(target);
    const words = faultWords(await this.parts.control.change(target, to), ends);
    await this.parts.changed();
    return `${title}: ${words === '' ? 'nothing is wrong with it' : words}.`;
  }

  private wire(target: WireTarget): NamedWire {
    const wire = wireOf(this.parts.store.lab(target.lab)?.lab, target);
    if (!wire) throw new UserError(`The lab file does not have ${target.name} any more.`);
    return wire;
  }
}
