import { labDiagram } from '../../extension/diagram/from-lab.ts';
import { pictureOf } from '../../extension/diagram/layout/layouts.ts';
import type { LayoutMode, Picture } from '../../extension/diagram/picture.ts';
import type { Lab } from '../../extension/lab/model.ts';
import { group, lab, networkSwitch, nic, vm, wire } from './lab-builder.ts';

/** Two switches with a firewall between them, VLANs, a wire, an uplink and a group. */
export const pictureLab: Lab = lab({
  switches: [
    networkSwitch('lan', { network: '192.168.1.0/24', slirp: { port: 1, forward: [] } }),
    networkSwitch('dmz', { network: '10.1.0.0/24' }),
  ],
  vms: [
    vm('fw', 31, {
      nics: [nic(1, 'lan', { addresses: ['192.168.1.1/24'] }), nic(2, 'dmz', { addresses: ['10.1.0.1/24'] })],
    }),
    vm('pc', 32, { nics: [nic(1, 'lan', { vlan: 10 })] }),
    vm('guest', 33, { nics: [nic(1, 'lan', { vlan: 20 })] }),
    vm('web', 34, { nics: [nic(1, 'dmz', { tagged: [{ vlan: 10, addresses: [] }] })] }),
  ],
  wires: [wire('lan', 'dmz', { tagged: [10] })],
  groups: [group('office', ['pc', 'guest'])],
});

export const pictureOfLab = (of: Lab = pictureLab, mode: LayoutMode = 'classic'): Picture =>
  pictureOf(labDiagram(of), mode);
