import { expect, test } from 'vitest';
import { formatCidr } from '../../../extension/lab/networks/cidr.ts';
import { networksOfLab } from '../../../extension/lab/networks/lab-networks.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';

test('a lab uses the networks of its switches, and those of all addresses in it', () => {
  const { lab } = readLab(
    [
      'switches:',
      '  lan: { network: 192.168.10.0/24 }',
      '  bare: {}',
      '  up: { slirp: { forward: ["tcp 2222 10.0.2.15:22"] } }',
      '  admin: { tap: { interface: k0, address: 192.168.99.1/25 } }',
      'vms:',
      '  fw:',
      '    id: 31',
      '    gateway: 10.9.0.1',
      '    nics:',
      '      - { switch: bare, address: [10.8.1.1/16, "fd00:1::1/64"] }',
      '      - { switch: up, address: dhcp }',
      '      - { switch: lan, tagged: { 10: 10.7.0.1/30 } }',
      '',
    ].join('\n'),
  );

  expect(networksOfLab(lab!).map(formatCidr).toSorted()).toEqual(
    [
      ...['10.0.2.0/24', '10.0.2.15/32', '10.7.0.0/30', '10.8.0.0/16', '10.9.0.1/32'],
      ...['192.168.10.0/24', '192.168.99.0/25', 'fd00:1::/64'],
    ].toSorted(),
  );
});
