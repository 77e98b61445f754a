import type { Lab, Tap } from '../../lab/model.ts';
import type { HostFacts } from '../doctor-ports.ts';
import type { LabSnapshot } from '../state.ts';

/** What is looked at: this host, and what a lab wants of it, if one is named. */
export interface Patient {
  readonly facts: HostFacts;
  /** The folder over the run-time folders. */
  readonly runRoot: string;
  /** Whether the tiny guest is there, for the lab or, without one, for all. */
  readonly hasTinyGuest: boolean;
  readonly of: LabPatient | undefined;
}

export interface LabPatient {
  readonly lab: Lab;
  /** Absolute path of the lab file. */
  readonly path: string;
  readonly snapshot: LabSnapshot | undefined;
}

/** One line of the doctor's answer. */
export interface Finding {
  /** Stays the same from version to version. */
  readonly id: string;
  readonly title: string;
  /** What it is for. */
  readonly purpose: string;
  /** `wrong`: the lab, or every lab, needs it; `lacks`: something that can be useful is not there. */
  readonly state: 'fine' | 'lacks' | 'wrong';
  /** What was found, in one or two sentences. */
  readonly found: string;
  /** The command line that mends it. */
  readonly fix: string | undefined;
}

/** A check gives no finding, or several, where what it looks at is there several times. */
export type Check = (patient: Patient) => readonly Finding[];

export interface SwitchTap {
  readonly name: string;
  readonly tap: Tap;
}

export const tapsOf = ({ of }: Patient): readonly SwitchTap[] =>
  of?.lab.switches.flatMap(({ name, tap }) => (tap ? [{ name, tap }] : [])) ?? [];

/** `isFine` decides the state; `isNeeded` how bad it is that it is not. */
export function finding(
  about: Pick<Finding, 'id' | 'title' | 'purpose' | 'found'>,
  isFine: boolean,
  isNeeded: boolean,
  fix?: string,
): Finding {
  const state = isFine ? 'fine' : isNeeded ? 'wrong' : 'lacks';
  return { ...about, state, fix: isFine ? undefined : fix };
}
