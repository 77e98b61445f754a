/** What a preset says, as a lab file would. */
export interface PresetText {
  readonly [key: string]: string | number | PresetText;
}

/**
 * Wires that people know, by name. The first end is the customer's, so `there` is up. The numbers are ours: what such a
 * line does on a usual day, one way.
 */
export const builtInPresets: Readonly<Record<string, PresetText>> = {
  dsl: { delay: '10ms', jitter: '2ms', loss: '0.05%', there: { bandwidth: '10Mbit' }, back: { bandwidth: '50Mbit' } },
  lte: {
    ...{ delay: '25ms', jitter: '10ms normal', loss: '0.3%' },
    ...{ there: { bandwidth: '10Mbit' }, back: { bandwidth: '40Mbit' } },
  },
  '3g': {
    ...{ delay: '75ms', jitter: '25ms normal', loss: '1%' },
    ...{ there: { bandwidth: '1Mbit' }, back: { bandwidth: '4Mbit' } },
  },
  modem: { delay: '75ms', jitter: '10ms', there: { bandwidth: '33.6kbit' }, back: { bandwidth: '56kbit' } },
  satellite: {
    ...{ delay: '280ms', jitter: '10ms', loss: '0.5%' },
    ...{ there: { bandwidth: '3Mbit' }, back: { bandwidth: '25Mbit' } },
  },
  ocean: { delay: '45ms', jitter: '1ms', loss: '0.01%' },
  'wifi-edge': { delay: '5ms', jitter: '4ms normal', loss: '5%', burst: 4, duplicate: '0.1%', bandwidth: '5Mbit' },
  'bad-cable': { loss: '1%', noise: 200 },
  congested: { delay: '5ms', bandwidth: '2Mbit', buffer: '64kB' },
  flaky: { every: '100ms', states: { good: { to: { down: '2%' } }, down: { loss: '100%', to: { good: '20%' } } } },
};
