import { expect, test } from 'vitest';
import { readModels } from '../../../extension/qemu/models.ts';

const machines = `Supported machines are:
microvm              microvm (i386)
pc                   Standard PC (i440FX + PIIX, 1996) (alias of pc-i440fx-7.2)
`;
const oldCpus = `Available CPUs:
x86 486                   (alias configured by machine type)
x86 486-v1                

Recognized CPUID flags:
  3dnow 3dnowext
  xsaves
`;
const newCpus = `Available CPUs:
  486                   (alias configured by machine type)
  486-v1

Recognized CPUID flags:
  3dnow
`;
const devices = `Controller/Bridge/Hub devices:
name "i82801b11-bridge", bus PCI

Network devices:
name "e1000", bus PCI, alias "e1000-82540em", desc "Intel Gigabit Ethernet"
`;

test.each([
  ['older', oldCpus],
  ['newer', newCpus],
])('what an %s QEMU tells is read: machines, CPUs without their flags, devices with their headings', (_, cpus) => {
  expect(readModels([machines, cpus, devices])).toEqual({
    machines: [
      { name: 'microvm', description: 'microvm (i386)' },
      { name: 'pc', description: 'Standard PC (i440FX + PIIX, 1996) (alias of pc-i440fx-7.2)' },
    ],
    cpus: [
      { name: '486', description: '(alias configured by machine type)' },
      { name: '486-v1', description: '' },
    ],
    devices: [
      { name: 'i82801b11-bridge', description: '', group: 'Controller/Bridge/Hub devices' },
      { name: 'e1000', description: 'Intel Gigabit Ethernet', group: 'Network devices' },
    ],
  });
});

test('answers that are none of QEMU’s give nothing', () => {
  expect(readModels(['', 'command not found', '\0\0'])).toEqual({ machines: [], cpus: [], devices: [] });
});
