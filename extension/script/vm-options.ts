import type { Vm } from '../lab/model.ts';
import { resolveSteps, type Step, type Variables, type Word } from './step.ts';
import { vmSteps } from './vm-steps.ts';

/** One option of QEMU in a VM's steps. */
export interface VmOption {
  /** The variables that it is made of, and the one on which it depends whether it is there. */
  readonly variables: ReadonlySet<string>;
  /** The option and its argument; of `EXTRA`, all of it. */
  readonly words: readonly string[];
}

/** The command line of a VM, option by option, in its order; the first one is QEMU itself. */
export function vmOptions(vm: Vm, variables: Variables): readonly VmOption[] {
  return vmSteps(vm).flatMap(step =>
    splitStep(step).flatMap(one => {
      const words = resolveSteps([one], variables);
      return words.length === 0 ? [] : [{ variables: variablesOf(one), words }];
    }),
  );
}

/** A step for each option: a word that begins with a dash begins one. */
function splitStep(step: Step): readonly Step[] {
  const options: Word[][] = [];
  for (const word of step.words) {
    const last = options.at(-1);
    if (last === undefined || startsOption(word)) options.push([word]);
    else last.push(word);
  }
  return options.map(words => ({ ...step, words }));
}

const startsOption = (word: Word): boolean => 'all' in word || (typeof word[0] === 'string' && word[0].startsWith('-'));

function variablesOf({ words, when }: Step): ReadonlySet<string> {
  const inside = words.flatMap(word =>
    'all' in word ? [word.all] : word.flatMap(part => (typeof part === 'string' ? [] : [part.variable])),
  );
  return new Set([...inside, ...(when ? [when.variable] : [])]);
}
