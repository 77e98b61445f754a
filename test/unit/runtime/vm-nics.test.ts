import { beforeEach, describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { queryNics } from '../../../extension/qemu/live-nics.ts';
import { addCard, plugNic, removeNic, setCable, unplugNic, vmLine } from '../../../extension/runtime/change/vm-nics.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeNicVm } from '../../support/fake-nic-vm.ts';

let qemu: FakeNicVm;
let clock: FakeClock;
beforeEach(() => {
  qemu = new FakeNicVm().nic(1, '/run/switch-lan');
  clock = new FakeClock();
});
const vm = () => vmLine(qemu, 'web', '/run/web.qmp');

describe('a plug of a running VM', () => {
  test('is moved with something on the hub all the time that takes what the guest sends', async () => {
    await plugNic(vm(), 1, '/run/switch-dmz', 7);

    expect(qemu.orders).toEqual([
      ...['netdev_add open1', 'netdev_del plug1', 'netdev_del vde1', 'netdev_add vde1', 'netdev_add plug1'],
    ]);
    expect(await vm().ask(queryNics)).toMatchObject([{ number: 1, address: '/run/switch-dmz[7]' }]);
  });

  test('is moved and pulled again as often as one likes, also after half a try', async () => {
    qemu.refusals.set('netdev_add vde1', 'Could not open vde: Connection refused');
    await expect(plugNic(vm(), 1, '/run/switch-dmz', 7)).rejects.toThrow(
      'web: Could not open vde: Connection refused.',
    );
    qemu.refusals.clear();
    await plugNic(vm(), 1, '/run/switch-dmz', 7);
    await plugNic(vm(), 1, '/run/switch-lan', 2);
    await unplugNic(vm(), 1);
    await unplugNic(vm(), 1);

    expect(await vm().ask(queryNics)).toMatchObject([{ number: 1, model: 'virtio-net-pci', address: undefined }]);
  });
});

describe('a card', () => {
  test('is added beside what is left of an earlier one', async () => {
    qemu.netdevs.set('nic2', '');
    await addCard(vm(), { number: 2, driver: 'e1000', mac: '52:54:00:00:00:02' });
    await plugNic(vm(), 2, '/run/switch-lan', 3);

    expect(await vm().ask(queryNics)).toMatchObject([
      { number: 1 },
      { number: 2, model: 'e1000', address: '/run/switch-lan[3]' },
    ]);
  });

  test('is taken out with all that belongs to it', async () => {
    await removeNic(vm(), 1, clock);

    expect([...qemu.netdevs.keys(), ...qemu.cards.keys()]).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('of which the guest does not let go stays as it was, and that is said', async () => {
    qemu.isWilling = false;
    const removed = removeNic(vm(), 1, clock);
    const failed = expect(removed).rejects.toThrow('The guest of web was asked to let go of NIC 1 and did not');
    for (let at = 0; at < 400; at += 1) {
      await Promise.resolve();
      clock.advance(100);
    }
    await failed;

    expect(await vm().ask(queryNics)).toMatchObject([
      { number: 1, model: 'virtio-net-pci', address: '/run/switch-lan' },
    ]);
    expect(clock.pending).toBe(0);
  });

  test('is not waited for any more when that is called off', async () => {
    qemu.isWilling = false;
    const cancel = new CancelSource();
    cancel.cancel();

    await expect(removeNic(vm(), 1, clock, cancel.signal)).rejects.toThrow('called off');
  });
});

describe('a cable', () => {
  test('is pulled and plugged in; QEMU itself remembers which', async () => {
    expect(await setCable(vm(), 1, true)).toBe('done');
    expect(await vm().ask(queryNics)).toMatchObject([{ isPulled: true }]);
    expect(await setCable(vm(), 1, true)).toBe('already');
    expect(await setCable(vm(), 1, false)).toBe('done');

    expect(await vm().ask(queryNics)).toMatchObject([{ isPulled: false }]);
    expect(qemu.orders.filter(order => order.startsWith('set_link'))).toEqual([
      ...['set_link card1 false', 'set_link card1 false', 'set_link card1 true'],
    ]);
  });

  test('of a NIC that is not there is refused with those that are', async () => {
    await expect(setCable(vm(), 4, true)).rejects.toThrow('web has no NIC 4 (it has 1).');
  });
});
