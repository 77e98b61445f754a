import type { Lab } from '../../lab/model.ts';
import { perfectWire, type BothFaults, type WireFaults, type WirePreset } from '../../lab/wire-faults.ts';
import { faultWords } from '../../lab/fault-words.ts';
import { wireLabel } from '../views/row-words.ts';

/** Names a wire for good: that of a NIC to its switch, or one between switches. */
export interface WireTarget {
  /** Absolute path of the lab file. */
  readonly lab: string;
  /** The VM of the NIC, or the wire's own name. */
  readonly name: string;
  /** 0: a wire between switches. */
  readonly nic: number;
}

/** One wire and what is wrong with it, as its panel shows it. */
export interface WirePicture {
  readonly target: WireTarget;
  readonly title: string;
  readonly ends: readonly [string, string];
  /** Why something cannot be seen or done; empty: nothing. */
  readonly news: string;
  readonly live: BothFaults | undefined;
  readonly file: BothFaults | undefined;
  /** It changes by chance between states; empty: it does not. */
  readonly states: string;
  readonly canApply: boolean;
  readonly canWrite: boolean;
  readonly presets: readonly { readonly name: string; readonly words: string }[];
}

/** What is known of a wire that was asked just now. */
export type LiveWireFaults =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'silent'; readonly reason: string }
  /** `state`: the name of the one that it is in, if it has several. */
  | { readonly kind: 'told'; readonly faults: WireFaults; readonly state: string | undefined };

export interface WireParts {
  readonly target: WireTarget;
  /** Undefined: there is no such lab any more. */
  readonly lab: Lab | undefined;
  readonly live: LiveWireFaults;
  readonly presets: readonly WirePreset[];
  readonly isTrusted: boolean;
}

/** A wire of the lab file. Undefined: it has none of this name. */
export interface NamedWire {
  readonly title: string;
  readonly ends: readonly [string, string];
  readonly faults: WireFaults;
}

export function wireOf(lab: Lab | undefined, { name, nic }: WireTarget): NamedWire | undefined {
  if (nic === 0) {
    const wire = lab?.wires.find(one => one.name === name);
    if (!wire) return undefined;
    const [first, second] = wire.ends;
    return { title: wireLabel(wire), ends: [first.switch, second.switch], faults: wire.faults ?? perfectWire };
  }
  const card = lab?.vms.find(vm => vm.name === name)?.nics.find(one => one.number === nic);
  return card && { title: `${name} NIC ${nic}`, ends: [name, card.switch], faults: card.faults ?? perfectWire };
}

export function drawWire({ target, lab, live, presets, isTrusted }: WireParts): WirePicture {
  const wire = wireOf(lab, target);
  const ends = wire?.ends ?? (['one end', 'the other'] as const);
  const now = live.kind === 'told' ? live.faults : undefined;
  return {
    target,
    title: wire?.title ?? target.name,
    ends,
    news: newsOf(wire, live, isTrusted),
    live: now && waysOf(now),
    file: wire && waysOf(wire.faults),
    states: stateWords(now ?? wire?.faults ?? perfectWire, live),
    canApply: live.kind === 'told' && wire !== undefined && isTrusted,
    canWrite: wire !== undefined && isTrusted,
    presets: presets.map(({ name, faults }) => ({ name, words: faultWords(faults, ['up', 'down']) })),
  };
}

const waysOf = ({ there, back }: BothFaults): BothFaults => ({ there, back });

function newsOf(wire: NamedWire | undefined, live: LiveWireFaults, isTrusted: boolean): string {
  if (!wire) return 'The lab file does not have this wire any more.';
  if (!isTrusted) return 'This workspace is not trusted, so nothing can be changed here.';
  if (live.kind === 'silent') return live.reason;
  return live.kind === 'stopped' ? 'It does not run. What is shown is what the lab file says.' : '';
}

function stateWords({ chain }: WireFaults, live: LiveWireFaults): string {
  if (!chain) return '';
  const names = chain.states.map(({ name }) => name).join(', ');
  const now = live.kind === 'told' && live.state !== undefined ? ` It is "${live.state}" now.` : '';
  return `It changes by chance between ${names}.${now} Change the states in the lab file, or reset it.`;
}
