import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { perfectWire, type BothFaults, type Faults, type WireFaults } from '../../../extension/lab/wire-faults.ts';
import {
  orderWords,
  readEdges,
  readShowinfo,
  wirefilterOrders,
  withOrderWords,
} from '../../../extension/vde/wirefilter.ts';

const both = (faults: WireFaults['there']): WireFaults => ({ ...perfectWire, there: faults, back: faults });

describe('orders', () => {
  test('say what changes, once for both directions if it is the same', () => {
    const from = both({ delay: { value: 20 }, loss: { value: 1 } });
    const to: WireFaults = { ...both({ delay: { value: 30 }, loss: { value: 1 } }), reorder: true };

    expect(wirefilterOrders(from, { ...to, back: { ...from.back, mtu: { value: 1400 } } })).toEqual([
      'delay LR30[0]',
      'mtu RL1416[0]',
      'fifo 0',
    ]);
    expect(wirefilterOrders(from, to)).toEqual(['delay 30[0]', 'fifo 0']);
    expect(wirefilterOrders(to, to)).toEqual([]);
  });

  test('jitter is a part of the delay, so neither resets the other', () => {
    const jittery = both({ jitter: { value: 5, isNormal: true } });

    expect(wirefilterOrders(perfectWire, jittery)).toEqual(['delay 0+5N[0]']);
    expect(wirefilterOrders(jittery, both({ ...jittery.there, delay: { value: 20 } }))).toEqual(['delay 20+5N[0]']);
  });

  test('numbers never have an exponent', () => {
    const wire = both({ bandwidth: { value: 1.25e9, spread: 0.5 }, noise: { value: 0.000001 } });

    expect(wirefilterOrders(perfectWire, wire)).toEqual(['bandwidth 1250000000+0.5U[0]', 'noise 0.000001[0]']);
  });

  test('a reset takes back everything', () => {
    const wire = both({ delay: { value: 1 }, duplicate: { value: 2 } });

    expect(wirefilterOrders(wire, perfectWire)).toEqual(['delay 0[0]', 'dup 0[0]']);
  });

  test('of states name each state, and never let more than all leave one', () => {
    const state = (name: string, loss: number, to: readonly (readonly [number, number])[]) => {
      const way = loss === 0 ? {} : { loss: { value: loss } };
      return { name, there: way, back: way, to: new Map(to) };
    };
    const chain = (a: number, b: number): WireFaults => {
      const states = [
        state('good', 0, [
          [1, a],
          [2, b],
        ]),
        state('bad', 30, []),
        state('down', 100, [[0, 50]]),
      ];
      return { ...perfectWire, chain: { everyMs: 100, states } };
    };

    expect(wirefilterOrders(perfectWire, chain(90, 5))).toEqual([
      ...['markov-numnodes 3', 'loss 30[1]', 'loss 100[2]', 'markov-time 100'],
      ...['markov-name 0,good', 'markov-name 1,bad', 'markov-name 2,down'],
      ...['setedge 0,1,90', 'setedge 0,2,5', 'setedge 2,0,50'],
    ]);
    expect(wirefilterOrders(chain(5, 90), chain(90, 5))).toEqual(['setedge 0,2,5', 'setedge 0,1,90']);
    expect(wirefilterOrders(chain(90, 5), perfectWire)).toEqual(['markov-numnodes 1']);
  });

  test('of a script are read as they are written, over whatever was before', () => {
    const spread = fc.option(fc.nat(100), { nil: 0 });
    const amount = fc.record({ value: fc.integer({ min: 1, max: 5000 }), spread, isNormal: fc.boolean() });
    const way = fc.record({ delay: amount, loss: amount, mtu: amount });
    const faultsOf = ({ delay, loss, mtu }: typeof way extends fc.Arbitrary<infer T> ? T : never) => ({
      ...{ delay: { value: delay.value }, mtu: { value: mtu.value } },
      ...(delay.spread === 0 ? {} : { jitter: varying({ ...delay, value: delay.spread }) }),
      loss: loss.spread === 0 ? { value: loss.value } : { ...varying(loss), spread: loss.spread },
    });
    const varying = ({ value, isNormal }: { value: number; isNormal: boolean }) =>
      isNormal ? { value, isNormal: true as const } : { value };

    fc.assert(
      fc.property(way, way, way, (one, other, before) => {
        const [there, back, old] = [one, other, before].map(faultsOf) as [Faults, Faults, Faults];
        const read = (['delay', 'loss', 'mtu'] as const).reduce<BothFaults | undefined>(
          (ways, key) => ways && withOrderWords(key, orderWords(key, { ...perfectWire, there, back }), ways),
          { there: old, back: old },
        );
        expect(read).toEqual({ there, back });
      }),
    );
  });

  test('of people may say one direction, and units', () => {
    const before = both({ delay: { value: 5 }, jitter: { value: 1 } });

    expect(withOrderWords('delay', 'RL20', before)).toEqual({ there: before.there, back: { delay: { value: 20 } } });
    expect(withOrderWords('bandwidth', '20K', before)?.there.bandwidth).toEqual({ value: 20_480 });
    expect(withOrderWords('delay', '0', before)).toEqual({ there: {}, back: {} });
    expect(withOrderWords('loss', '5[1]', before)).toBeUndefined();
  });

  test('words for a script say both directions apart only if they differ', () => {
    const wire: WireFaults = { ...perfectWire, there: { delay: { value: 20 } }, back: {} };

    expect(orderWords('delay', wire)).toBe('LR20 RL0');
    expect(orderWords('loss', wire)).toBe('0');
  });
});

/** As wirefilter 2.3.2 printed it. */
const showinfo = `WireFilter: bidirectional
Node 1 "bad" (0,..,2) Markov-time 250
Loss   L->R 30+0U   R->L 1.25+0U
Lburst L->R 0+0U   R->L 3+0U
Delay  L->R 1500.25+0.5N   R->L 0+0U
Dup    L->R 0+0U   R->L 0+0U
Bandw  L->R 1.57286e+06+0U   R->L 1.25e+06+1e+06U
Speed  L->R 0+0U   R->L 0+0U
Noise  L->R 0+0U   R->L 0+0U
MTU    L->R 1416     R->L 0   
Cap.   L->R 65536+0U   R->L 0+0U
Current Delay Queue size:   L->R 0      R->L 0   
Fifoness FALSE
Waiting packets in delay queues 7
`;

describe('what wirefilter tells', () => {
  test('is read as it is', () => {
    expect(readShowinfo(showinfo)).toEqual({
      there: {
        loss: { value: 30 },
        ...{ delay: { value: 1500.25 }, jitter: { value: 0.5, isNormal: true } },
        ...{ bandwidth: { value: 1_572_860 }, mtu: { value: 1400 }, buffer: { value: 65_536 } },
      },
      back: { loss: { value: 1.25 }, burst: { value: 3 }, bandwidth: { value: 1_250_000, spread: 1_000_000 } },
      reorder: true,
      state: { index: 1, name: 'bad', count: 3, everyMs: 250 },
      waiting: 7,
    });
  });

  test('of another program is not', () => {
    expect(readShowinfo('VDE switch V.2.3.2\n')).toBeUndefined();
  });

  test('edges lead away', () => {
    expect(
      readEdges(
        'Edge 1 ->0  "bad"->"" weigth 60\nEdge 1 ->1  "bad"->"bad" weigth 39.5\nEdge 1 ->2  "bad"->"" weigth 0.5\n',
      ),
    ).toEqual(
      new Map([
        [0, 60],
        [2, 0.5],
      ]),
    );
  });
});
