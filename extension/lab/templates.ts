import { yamlText } from './reading/yaml-text.ts';
import { newLab, type NewLab } from './template.ts';

/** A lab to begin with. */
export interface LabTemplate {
  readonly label: string;
  readonly description: string;
  /** How many free IDs it needs. */
  readonly ids: number;
  readonly text: (name: string, freeIds: readonly number[]) => string;
}

export const labTemplates: readonly LabTemplate[] = [
  {
    label: 'Empty lab',
    description: 'One switch, no VM yet',
    ids: 0,
    text: name => newLab({ name, switches: [{ name: 'lan', network: '192.168.10.0/24' }], vms: [] }),
  },
  {
    label: 'Two VMs on one switch',
    description: 'The smallest lab in which something can be pinged',
    ids: 2,
    text: (name, ids) => newLab(twoVms(name, ids)),
  },
  {
    label: 'Firewall between two networks',
    description: 'pc – lan – fw – dmz – web',
    ids: 3,
    text: (name, ids) => newLab(firewall(name, ids)),
  },
  {
    label: 'VLANs over a trunk',
    description: 'Two switches, a trunk wire, two VLANs, four VMs',
    ids: 4,
    text: (name, ids) => newLab(trunk(name, ids)),
  },
  {
    label: 'Boot over the network (PXE)',
    description: 'A VM without a disk, and the folder from which its switch lets it boot',
    ids: 1,
    text: netBoot,
  },
];

/** Fewer IDs than it takes are a mistake of the caller; 0 shows up as a problem in the new file. */
const idAt = (ids: readonly number[], index: number): number => ids[index] ?? 0;

const twoVms = (name: string, ids: readonly number[]): NewLab => ({
  name,
  switches: [{ name: 'lan', network: '192.168.10.0/24' }],
  vms: ['a', 'b'].map((vm, index) => ({ name: vm, id: idAt(ids, index), switches: ['lan'] })),
});

const firewall = (name: string, ids: readonly number[]): NewLab => ({
  name,
  switches: [
    { name: 'lan', network: '192.168.10.0/24' },
    { name: 'dmz', network: '10.1.0.0/24' },
  ],
  vms: [
    { name: 'fw', id: idAt(ids, 0), switches: ['lan', 'dmz'], isRouter: true },
    { name: 'pc', id: idAt(ids, 1), switches: ['lan'] },
    { name: 'web', id: idAt(ids, 2), switches: ['dmz'] },
  ],
});

const trunk = (name: string, ids: readonly number[]): NewLab => ({
  name,
  // One network for both VLANs: so only the VLANs keep the VMs apart, as whoever pings will see.
  switches: [
    { name: 'east', network: '192.168.50.0/24' },
    { name: 'west', network: '192.168.50.0/24' },
  ],
  vms: ['east', 'west'].flatMap((side, at) =>
    [10, 20].map((vlan, index) => ({ name: `${side}${vlan}`, id: idAt(ids, 2 * at + index), switches: [side], vlan })),
  ),
  wires: [{ between: ['east', 'west'], tagged: [10, 20] }],
});

/** Other than what a questionnaire asks for. */
function netBoot(name: string, ids: readonly number[]): string {
  return `# A lab for KVM Lab: a VM that boots over its switch. Put a kernel, an initrd and the script boot.ipxe into the folder tftp:
#   #!ipxe
#   kernel vmlinuz console=ttyS0
#   initrd initrd
#   boot
name: ${yamlText(name)}

switches:
  boot: { network: 10.9.0.0/24, pxe: { root: tftp, file: boot.ipxe } } # "slirp: true" beside it opens the way outside

vms:
  thin:
    id: ${idAt(ids, 0)} # serial console on port ${10_000 + idAt(ids, 0)}
    memory: 256M
    boot: network
    nics:
      - { switch: boot, address: dhcp }
`;
}
