import type { WireFaults } from '../lab/wire-faults.ts';
import { chainOrdersOf, orderKeys, orderWords, type OrderKey } from '../vde/wirefilter.ts';
import type { Setting } from './settings.ts';

/** The settings of a bad wire, each with the order of wirefilter that it becomes. */
const names: Readonly<Record<OrderKey, { readonly name: string; readonly order: string; readonly comment: string }>> = {
  delay: { name: 'DELAY', order: 'delay', comment: 'ms; 20+5N: jitter of 5 ms, normal; LR20 RL5: there, back' },
  loss: { name: 'LOSS', order: 'loss', comment: '%' },
  burst: { name: 'BURST', order: 'lostburst', comment: 'packets that get lost in a row' },
  duplicate: { name: 'DUPLICATE', order: 'dup', comment: '%' },
  bandwidth: { name: 'BANDWIDTH', order: 'bandwidth', comment: 'bytes a second' },
  speed: { name: 'SPEED', order: 'speed', comment: 'bytes a second' },
  buffer: { name: 'BUFFER', order: 'chanbufsize', comment: 'bytes' },
  noise: { name: 'NOISE', order: 'noise', comment: 'damaged bits a megabyte' },
  mtu: { name: 'MTU', order: 'mtu', comment: 'bytes of a frame with its header, and two more' },
};

/** The settings by what they make wrong; those of a NIC begin with `NIC1_`. */
export const faultNames = Object.fromEntries(orderKeys.map(key => [key, names[key].name])) as Readonly<
  Record<OrderKey, string>
>;

/** Without the prefix of a NIC. */
export const isFaultSetting = (name: string): boolean =>
  name === 'REORDER' || name === 'STATES' || Object.values(faultNames).includes(name);

/** `prefix`: `NIC1_` in a VM's script. */
export const faultSettings = (faults: WireFaults, prefix = ''): readonly Setting[] => [
  ...orderKeys.map(key => {
    const { name, comment } = names[key];
    return { name: `${prefix}${name}`, value: orderWords(key, faults), comment };
  }),
  { name: `${prefix}REORDER`, value: faults.reorder ? 'yes' : 'no', comment: 'whether packets overtake each other' },
  { name: `${prefix}STATES`, value: chainOrdersOf(faults), comment: 'more orders for wirefilter(1)' },
];

/** The words of Bash that hand the settings on, one order each. */
export const faultOrders = (prefix = ''): readonly string[] => [
  ...orderKeys.map(key => `"${names[key].order} $${prefix}${names[key].name}"`),
  `"reorder $${prefix}REORDER"`,
  `"\${${prefix}STATES[@]}"`,
];
