import type { Lab, Vm } from '../lab/model.ts';
import type { TextSpan } from '../lab/text-span.ts';
import { vmSettingFacts, type SettingFact, type SettingSource } from './explain-settings.ts';
import { optionMeaning, sourceWords } from './explain-words.ts';
import type { Variables } from './step.ts';
import { vmOptions, type VmOption } from './vm-options.ts';
import { vmVariables, type VmSurroundings } from './vm-steps.ts';

/** One setting of a VM: what it is, where that comes from, and what becomes of it. */
export interface ExplainedSetting {
  /**
   * The key of the lab file: `memory`, `mac-prefix`; those of disks and NICs with their numbers, counted from 1:
   * `disks.1`, `nics.2.mac`. Undefined: what every VM gets, whatever its lab says.
   */
  readonly key: string | undefined;
  /** For people, much as a lab file would say it: `512M`, `[disk, network]`. */
  readonly value: string;
  readonly source: SettingSource;
  /** The source in words, as the end of a sentence: `built in`, `from ~/.kvmscript line 3`. */
  readonly origin: string;
  /** The value's place in the lab file; undefined: it stands elsewhere. */
  readonly sourceSpan: TextSpan | undefined;
  /** What it becomes on QEMU's command line; empty: nothing, or the VM has no ID yet. */
  readonly options: readonly ExplainedOption[];
}

export interface ExplainedOption {
  /** The option and its argument: `-m`, `512M`. */
  readonly words: readonly string[];
  /** What the option does; one sentence. */
  readonly meaning: string;
}

/**
 * Every setting of a VM, in the order of its script, then what every VM gets; empty if the lab has no such VM. What is
 * not known `around` it is shown by the names of the script's own variables: `$run/fw.pid`.
 */
export function explainVm(lab: Lab, vmName: string, around: Partial<VmSurroundings> = {}): readonly ExplainedSetting[] {
  const vm = lab.vms.find(({ name }) => name === vmName);
  if (!vm) return [];
  const options = vm.id === undefined ? [] : vmOptions(vm, variablesOf(vm, vm.id, around));
  const facts = vmSettingFacts(lab, vm);
  const known = facts.map(fact => explained(fact, options.filter(fact.isOwn), vm));
  const others = options.filter(option => !facts.some(({ isOwn }) => isOwn(option)));
  return [...known, ...others.map(option => explained(always, [option], vm))];
}

const always: SettingFact = { key: undefined, value: '', source: { kind: 'always' }, isOwn: () => false };

function explained({ key, value, source }: SettingFact, options: readonly VmOption[], vm: Vm): ExplainedSetting {
  return {
    key,
    value,
    source,
    origin: sourceWords(source),
    sourceSpan: 'span' in source ? source.span : undefined,
    options: options.map(({ words, variables }) => ({
      words,
      meaning: variables.has('EXTRA') ? 'Passed to QEMU as it is.' : optionMeaning(words, vm.accel),
    })),
  };
}

function variablesOf(vm: Vm, id: number, around: Partial<VmSurroundings>): Variables {
  const accel = around.accel ?? (vm.accel === 'kvm' ? 'kvm' : 'tcg');
  const variables = vmVariables(vm, id, {
    ...{ run: '$run', labFolder: '$lab', home: '~', guestFolder: '$guest' },
    ...around,
    accel,
  });
  if (vm.accel !== 'auto' || around.accel !== undefined) return variables;
  // Which of them it is, only a start finds out.
  return new Map([...variables, ['accel', '$accel'], ['cpu', '$cpu']]);
}
