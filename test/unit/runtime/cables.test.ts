import { beforeEach, describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { UserError } from '../../../extension/base/user-error.ts';
import { queryNics } from '../../../extension/qemu/live-nics.ts';
import {
  bothSides,
  flap,
  guestSide,
  switchSide,
  wireCable,
  type Cable,
  type NicFilter,
} from '../../../extension/runtime/change/cables.ts';
import { perfectWire, type WireFaults } from '../../../extension/lab/wire-faults.ts';
import { vmLine } from '../../../extension/runtime/change/vm-nics.ts';
import type { LabControl, Outcome } from '../../../extension/runtime/lab-control.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeManagement, FakeVdeSwitch } from '../../support/fake-management.ts';
import { FakeNicVm } from '../../support/fake-nic-vm.ts';
import { nic } from '../../support/lab-builder.ts';

const lan = {
  ...{ pid: 7, startTicks: 70, uid: 1000, socket: '/run/dmz/switch-lan', management: '/run/dmz/switch-lan.mgmt' },
  ...{ name: 'lan', ports: 31, tap: undefined, lab: 'dmz' },
};

let qemu: FakeNicVm;
let clock: FakeClock;
let lanSwitch: FakeVdeSwitch;
beforeEach(() => {
  qemu = new FakeNicVm().nic(1, '/run/dmz/switch-lan');
  clock = new FakeClock();
  lanSwitch = new FakeVdeSwitch().port(5);
});
const vm = () => vmLine(qemu, 'web', '/run/web.qmp');
const live = async () => (await vm().ask(queryNics))[0];
const farSide = () => {
  const management = new FakeManagement();
  management.switches.set(lan.management, lanSwitch);
  return switchSide(vm(), nic(1, 'lan', { port: 5 }), { management, find: () => lan, filter });
};
/** A wirefilter that runs until it is pulled. */
const filter: NicFilter & { isUp: boolean } = {
  isUp: true,
  pull: () => Promise.resolve(filter.isUp ? ((filter.isUp = false), 'done') : 'already'),
  plug: () => Promise.resolve(filter.isUp ? 'already' : ((filter.isUp = true), 'done')),
};

describe('the switch side of a cable', () => {
  test('is pulled without the guest noticing, and goes back into the port of the lab file', async () => {
    expect(await farSide().set(true)).toBe('done');
    expect(await live()).toMatchObject({ address: undefined, isPulled: false });
    expect(await farSide().set(true)).toBe('already');

    expect(await farSide().set(false)).toBe('done');
    expect(await live()).toMatchObject({ address: '/run/dmz/switch-lan[5]' });
    expect(await farSide().set(false)).toBe('already');
  });

  test.each([
    ['taken', () => lanSwitch.port(5, { endpoints: ['Current User: x NONE pid=9'] }), 'is taken'],
    ['not there', () => lanSwitch.ports.clear(), 'has no port 5'],
  ])('is not plugged into a port that is %s, which would hang the VM', async (_, prepare, words) => {
    await farSide().set(true);
    prepare();

    await expect(farSide().set(false)).rejects.toThrow(words);
    expect(await live()).toMatchObject({ address: undefined });
  });

  test('that goes through a wirefilter is the wirefilter itself, and QEMU keeps its plug', async () => {
    qemu.netdevs.set('vde1', 'multi:///run/dmz/wire-web+1');

    expect(await farSide().set(true)).toBe('done');
    expect(await farSide().set(true)).toBe('already');
    expect(await farSide().set(false)).toBe('done');
    expect(qemu.orders).toEqual([]);
  });

  test('waits for its switch', async () => {
    await farSide().set(true);

    await expect(
      switchSide(vm(), nic(1, 'lan'), { management: new FakeManagement(), find: () => undefined, filter }).set(false),
    ).rejects.toThrow('Switch lan does not run. Start it: then NIC 1 of web is plugged in again.');
  });

  test('and the guest side are pulled together; the carrier comes back last', async () => {
    const both = bothSides(guestSide(vm(), 1), farSide());
    await both.set(true);
    expect(await live()).toMatchObject({ address: undefined, isPulled: true });
    qemu.orders.length = 0;
    await both.set(false);

    expect(await live()).toMatchObject({ address: '/run/dmz/switch-lan[5]', isPulled: false });
    expect(qemu.orders.slice(-2)).toEqual(['set_link card1 true', 'netdev_del pulled1']);
    expect(await both.set(false)).toBe('already');
  });
});

describe('a wire', () => {
  const thing = { lab: '/labs/dmz.lab.yaml', kind: 'wire', name: 'lan-dmz' } as const;
  const control = (kind: Outcome['kind'], verbs: string[] = []): LabControl => ({
    run: verb => {
      verbs.push(verb);
      return Promise.resolve([{ thing, kind, message: 'lan-dmz: Switch dmz is full.' }]);
    },
    generate: () => Promise.resolve([]),
  });

  test('is pulled and plugged in by its script', async () => {
    const verbs: string[] = [];
    expect(await wireCable(control('done', verbs), thing).set(true)).toBe('done');
    expect(await wireCable(control('already', verbs), thing).set(false)).toBe('already');

    expect(verbs).toEqual(['stop', 'start']);
    await expect(wireCable(control('failed'), thing).set(false)).rejects.toThrow('Wire lan-dmz: Switch dmz is full.');
  });
});

describe('a wire with faults that nobody has written down', () => {
  const lossy: WireFaults = { ...perfectWire, there: { loss: { value: 5 } } };
  const thing = { lab: '/labs/dmz.lab.yaml', kind: 'wire', name: 'lan-dmz' } as const;

  test('has them again when it was pulled and is plugged in', async () => {
    const log: string[] = [];
    const control: LabControl = {
      run: verb => {
        log.push(verb);
        return Promise.resolve([{ thing, kind: 'done', message: '' }]);
      },
      generate: () => Promise.resolve([]),
    };
    const cable = wireCable(control, thing, {
      read: () => Promise.resolve({ kind: 'told', faults: lossy, state: undefined }),
      change: (_target, to) => {
        log.push(JSON.stringify(to(perfectWire).there));
        return Promise.resolve(lossy);
      },
    });
    await cable.set(true);
    await cable.set(false);

    expect(log).toEqual(['stop', 'start', '{"loss":{"value":5}}']);
  });
});

describe('flapping', () => {
  /** A cable that writes down what is done to it, and when. */
  class Recorder implements Cable {
    readonly name = 'NIC 1 of web';
    readonly log: string[] = [];
    isPulled = false;
    refusal: string | undefined;

    set(isPulled: boolean): Promise<'done' | 'already'> {
      this.log.push(`${clock.now() - start} ${isPulled ? 'down' : 'up'}`);
      if (this.refusal !== undefined) return Promise.reject(new UserError(this.refusal));
      const outcome = this.isPulled === isPulled ? 'already' : 'done';
      this.isPulled = isPulled;
      return Promise.resolve(outcome);
    }
  }
  let start: number;
  let cable: Recorder;
  beforeEach(() => {
    start = clock.now();
    cable = new Recorder();
  });
  const run = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 100) {
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      clock.advance(100);
    }
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };

  test('pulls at the beginning of each period, for half of it, and ends plugged in', async () => {
    const flapping = flap(cable, { everyMs: 2000, forMs: 5000, clock });
    await run(5000);

    expect(await flapping).toBe(3);
    expect(cable.log.slice(0, 6)).toEqual(['0 down', '1000 up', '2000 down', '3000 up', '4000 down', '5000 up']);
    expect([cable.isPulled, clock.pending]).toEqual([false, 0]);
  });

  test('that is called off plugs in at once', async () => {
    const cancel = new CancelSource();
    const flapping = flap(cable, { everyMs: 60_000, forMs: 600_000, clock, signal: cancel.signal });
    await run(500);
    expect(cable.isPulled).toBe(true);
    cancel.cancel();

    expect(await flapping).toBe(1);
    expect([cable.isPulled, clock.pending]).toEqual([false, 0]);
  });

  test('leaves a cable pulled that was pulled before', async () => {
    cable.isPulled = true;
    const flapping = flap(cable, { everyMs: 1000, forMs: 1000, clock });
    await run(1000);
    await flapping;

    expect(cable.log).toContain('500 up');
    expect(cable.isPulled).toBe(true);
  });

  test('of a cable that refuses ends with its words', async () => {
    cable.refusal = 'web: It cannot be asked.';

    await expect(flap(cable, { everyMs: 1000, forMs: 5000, clock })).rejects.toThrow('web: It cannot be asked.');
    expect(cable.log).toEqual(['0 down']);
  });
});
