import type { TextSpan } from './text-span.ts';
import type { WireChange } from './wire-change.ts';

/** Faults that come and go by a timetable. */
export interface Scenario {
  readonly name: string;
  /** In the order of the file, which need not be that of their times. */
  readonly steps: readonly ScenarioStep[];
}

/** Times in milliseconds, `atMs` from the beginning of the scenario. */
export interface ScenarioStep {
  readonly atMs: number;
  readonly forMs: number;
  /** It begins up to so much later than `atMs`: chance decides. */
  readonly randomMs: number;
  readonly deed: ScenarioDeed;
  readonly span: TextSpan;
  /** Where the values of its keys are, by key. */
  readonly spans: Readonly<Record<string, TextSpan>>;
}

export type ScenarioDeed =
  | { readonly kind: 'wire'; readonly wire: string; readonly changes: readonly WireChange[] }
  | { readonly kind: 'flap'; readonly wire: string; readonly everyMs: number }
  | { readonly kind: 'pause'; readonly vm: string }
  | { readonly kind: 'kill'; readonly switch: string };

/** From one pull of a cable to the next: QEMU and scripts need some of the time themselves. */
export const shortestFlapMs = 100;

/** `web/1` is the wire of a NIC; any other text names a wire between switches, `nic` being 0 then. */
export function wireOfStep(text: string): { readonly name: string; readonly nic: number } {
  const [, name, nic] = /^([^/]+)\/([1-9]\d{0,2})$/.exec(text) ?? [];
  return name === undefined ? { name: text, nic: 0 } : { name, nic: Number(nic) };
}

/** The key that says what a step does, with its value: what is on the wire while it lasts stands behind it. */
export function deedPlace(deed: ScenarioDeed): { readonly key: ScenarioDeed['kind']; readonly name: string } {
  if (deed.kind === 'pause') return { key: 'pause', name: deed.vm };
  return { key: deed.kind, name: deed.kind === 'kill' ? deed.switch : deed.wire };
}
