import { UserError } from '../../base/user-error.ts';
import { rowNames } from '../../lab/reading/row-names.ts';
import type { Lab } from '../../lab/model.ts';
import type { Clock } from '../host.ts';
import { GuestFailure } from './guest-failure.ts';
import type { GuestShells, RunOptions } from './guest-shells.ts';
import type { GuestAnswer } from './marked-output.ts';

/** What one of several VMs said to a command. */
export interface VmAnswer {
  readonly vm: string;
  /** As far as there is one; of a command that was interrupted without a status. */
  readonly answer: GuestAnswer | undefined;
  /** Why it was not run to its end; undefined: it was. */
  readonly failure: string | undefined;
  readonly ms: number;
}

export interface ManyOrder extends RunOptions {
  /** Absolute path of the lab file. */
  readonly lab: string;
  /** Names; each once. */
  readonly vms: readonly string[];
  readonly command: string;
  readonly onAnswer?: ((answer: VmAnswer) => void) | undefined;
}

/** Each has a connection and the attention of a guest that may be slow; more at once would not be faster. */
const mostAtOnce = 16;

/** Runs a command in several guests at once; answers in the order of the VMs. */
export async function runOnMany(
  order: ManyOrder,
  shells: Pick<GuestShells, 'run'>,
  clock: Clock,
): Promise<readonly VmAnswer[]> {
  const answers: VmAnswer[] = [];
  const waiting = [...order.vms.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [at, vm] = next;
      const answer = await runOnOne(vm, order, shells, clock);
      answers[at] = answer;
      order.onAnswer?.(answer);
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, work));
  return answers;
}

async function runOnOne(
  vm: string,
  { lab, command, ...options }: ManyOrder,
  shells: Pick<GuestShells, 'run'>,
  clock: Clock,
): Promise<VmAnswer> {
  const began = clock.now();
  try {
    const answer = await shells.run({ lab, vm }, command, options);
    return { vm, answer, failure: undefined, ms: clock.now() - began };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const output = error instanceof GuestFailure ? error.output : '';
    const answer = output === '' ? undefined : { status: undefined, output, isCut: false };
    return { vm, answer, failure: error.message, ms: clock.now() - began };
  }
}

/** It was run to its end, and did not fail. */
export const isGood = ({ answer, failure }: VmAnswer): boolean => failure === undefined && (answer?.status ?? 0) === 0;

/**
 * The VMs that are meant by words: names of VMs or groups, `NAME-*` for a row, `all`; each once, in the order of the lab.
 * Throws a UserError for a word that means none.
 */
export function vmsMeant({ name: lab, vms, groups }: Lab, words: readonly string[]): readonly string[] {
  const meant = new Set<string>();
  const rows = rowNames(vms);
  for (const word of words) {
    const found =
      word === 'all'
        ? vms.map(({ name }) => name)
        : (rows.get(word) ??
          groups.find(({ name }) => name === word)?.vms ??
          vms.flatMap(({ name }) => (name === word ? [name] : [])));
    if (found.length === 0) {
      const known = [...vms, ...groups].map(({ name }) => name).join(', ');
      throw new UserError(`Lab ${lab} has no VM or group ${word}. It has: ${known === '' ? 'none' : known}; all.`);
    }
    for (const name of found) meant.add(name);
  }
  return vms.flatMap(({ name }) => (meant.has(name) ? [name] : []));
}
