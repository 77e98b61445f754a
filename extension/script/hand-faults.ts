import type { BothFaults, WireFaults } from '../lab/wire-faults.ts';
import { orderKeys, withOrderWords } from '../vde/wirefilter.ts';
import { faultNames } from './fault-settings.ts';
import type { KeptValues } from './renew/kept-arguments.ts';

/** What is wrong with a wire by its script. */
export interface HandFaults {
  readonly faults: WireFaults;
  /** Settings with values that only wirefilter can tell. */
  readonly unclear: readonly string[];
}

/** What a script makes of a wire whose settings were changed by hand. `prefix`: `NIC1_` in a VM's script. */
export function handFaults(faults: WireFaults, values: KeptValues, prefix = ''): HandFaults {
  let ways: BothFaults = { there: faults.there, back: faults.back };
  const unclear = values.has(`${prefix}STATES`) ? [`${prefix}STATES`] : [];
  for (const key of orderKeys) {
    const name = `${prefix}${faultNames[key]}`;
    const text = values.get(name);
    const after = typeof text === 'string' ? withOrderWords(key, text, ways) : undefined;
    if (after) ways = after;
    else if (values.has(name)) unclear.push(name);
  }
  const order = values.get(`${prefix}REORDER`);
  const [first, ...others] = faults.chain?.states ?? [];
  // Orders without a state count for the first.
  const chain = faults.chain && first && { ...faults.chain, states: [{ ...first, ...ways }, ...others] };
  const reorder = order === undefined ? faults.reorder : order === 'yes';
  return { faults: { ...ways, reorder, chain }, unclear };
}
