import { describe, expect, test } from 'vitest';
import { parseNetwork } from '../../../extension/qemu/live-nics.ts';

const lines = (...list: readonly string[]): string => list.map(line => `${line}\r\n`).join('');

describe('the NICs that QEMU tells of', () => {
  test('are read with their cards, plugs and pulled cables', () => {
    const text = lines(
      'hub 2',
      ' \\ plug2: vde2: index=0,type=vde,sock=/run/lab/switch-dmz[7],fd=22',
      ' \\ nic2: card2: index=0,type=nic,model=e1000,macaddr=52:54:00:00:00:02',
      'hub 1',
      ' \\ pulled1',
      ' \\ open1',
      ' \\ plug1: vde1: index=0,type=vde,sock=/run/a,fd=3/switch-lan,fd=14',
      ' \\ nic1: card1: index=0,type=nic,model=virtio-net-pci,macaddr=52:54:00:00:00:01',
      '   - dump0: type=filter-dump,file=/x.pcap',
    );

    expect(parseNetwork(text)).toEqual([
      { number: 1, model: 'virtio-net-pci', address: '/run/a,fd=3/switch-lan', isPulled: true },
      { number: 2, model: 'e1000', address: '/run/lab/switch-dmz[7]', isPulled: false },
    ]);
  });

  test('are told from what is left of one that was taken out, or never plugged in', () => {
    const text = lines(
      'hub 3',
      ' \\ nic3',
      'hub 4',
      ' \\ nic4: card4: index=0,type=nic,model=e1000,macaddr=x',
      'hub 5',
    );

    expect(parseNetwork(text)).toEqual([
      { number: 3, model: undefined, address: undefined, isPulled: false },
      { number: 4, model: 'e1000', address: undefined, isPulled: false },
    ]);
  });

  test('are none where QEMU has others, or says something else', () => {
    expect(parseNetwork('hub 0\r\n \\ hub0port0: user.0: index=0,type=user,net=10.0.2.0\r\n')).toEqual([]);
    expect(parseNetwork('unknown command')).toEqual([]);
  });
});
