import { expect, test } from 'vitest';
import { labDiagram } from '../../../extension/diagram/from-lab.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';

const diagramOf = (text: string) => labDiagram(readLab(text).lab ?? expect.fail('no lab'));

const text = `switches:
  lan: { network: 10.0.0.0/24, tap: { interface: kvm0, address: 10.0.0.254/24 } }
  dmz: { slirp: true }
vms:
  fw:
    id: 1
    nics:
      - { switch: lan, address: 10.0.0.1/24, vlan: 10, tagged: { 20: 10.2.0.1/24 } }
      - { switch: dmz, address: dhcp }
      - { switch: lan }
  pc: { id: 2 }
groups:
  a: { vms: [fw, ghost], colour: "#FA0" }
  b: { vms: [fw, pc] }
wires:
  - { between: [lan, dmz], tagged: [20] }
`;

test('where a wire leads outside is a cloud on the bus of its switch; a boot server is none', () => {
  const { nodes, links, wires } = diagramOf(`switches:
  lan: {}
  boot: { network: 10.1.0.0/24, pxe: { root: tftp, file: x } }
wires:
  - { between: [lan, 'ssh://me@b/dmz/lan'], tagged: [20] }
  - { between: [gone, tap://t0] }
`);

  expect(nodes.map(({ id, kind, shape, label }) => [id, kind, shape, label])).toEqual([
    ['boot/uplink', 'uplink', 'roundedbox', 'boot server'],
    ['lan-b/outside', 'uplink', 'cloud', 'me@b\ndmz/lan'],
  ]);
  expect(links).toMatchObject([
    { node: 'boot/uplink', network: 'boot', addresses: ['10.1.0.2'], port: 1 },
    { node: 'lan-b/outside', network: 'lan', port: 31, tagged: [20] },
  ]);
  expect(wires).toEqual([]);
});

test('switches are networks; VMs, taps and uplinks are nodes; NICs are links', () => {
  const { networks, nodes, links } = diagramOf(text);

  expect(networks).toMatchObject([
    { id: 'lan', label: 'lan', addresses: ['10.0.0.0/24'] },
    { id: 'dmz', addresses: ['10.0.2.0/24'] },
  ]);
  expect(nodes.map(({ id, kind, shape }) => `${id} ${kind} ${shape}`)).toEqual([
    'fw vm box',
    'pc vm box',
    'lan/tap tap roundedbox',
    'dmz/uplink uplink cloud',
  ]);
  expect(links).toMatchObject([
    { node: 'fw', network: 'lan', nic: 1, vlan: 10, tagged: [20], addresses: ['10.0.0.1/24', '10.2.0.1/24 (VLAN 20)'] },
    { node: 'fw', network: 'lan', nic: 3, addresses: [] },
    { node: 'lan/tap', network: 'lan', port: 1, addresses: ['10.0.0.254/24'] },
    { node: 'fw', network: 'dmz', nic: 2, addresses: ['dhcp'] },
    { node: 'dmz/uplink', network: 'dmz', port: 1 },
  ]);
});

test('a VM is in the first group that claims it; wires join networks', () => {
  const { groups, wires } = diagramOf(text);

  expect(groups).toMatchObject([
    { id: 'a', nodes: ['fw'], style: { color: '#ffaa00' } },
    { id: 'b', nodes: ['pc'] },
  ]);
  expect(wires).toMatchObject([{ id: 'lan-dmz', ends: ['lan', 'dmz'], tagged: [20] }]);
});

test('VMs of another host are in a box of that host; those of a group say it themselves; joins are not drawn', () => {
  const { groups, nodes, links, wires } = diagramOf(`hosts: { left: {}, right: {} }
switches: { lan: {} }
vms:
  a: { id: 1, nics: [{ switch: lan }] }
  b: { id: 2, host: left, nics: [{ switch: lan }] }
  c: { id: 3, host: left }
  d: { id: 4, host: right, nics: [{ switch: lan }] }
groups: { office: { vms: [a, d] } }
`);

  expect(groups.map(one => [one.id, one.label, one.nodes])).toEqual([
    ['office', 'office', ['a', 'd']],
    ['on left', 'on left', ['b', 'c']],
  ]);
  expect(nodes.map(one => one.label)).toEqual(['a', 'b', 'c', 'd\non right']);
  expect(links.map(({ node }) => node)).toEqual(['a', 'b', 'd']);
  expect(wires).toEqual([]);
});

test('spans lead to the things in the file', () => {
  const { nodes, networks, links } = diagramOf(text);
  const at = (span: { start: number; end: number } | undefined): string => text.slice(span?.start, span?.end);

  expect(at(networks[0]?.span)).toMatch(/^lan: \{/);
  expect(at(nodes[0]?.span)).toMatch(/^fw:/);
  expect(at(nodes[2]?.span)).toContain('kvm0');
  expect(at(links[1]?.span)).toContain('switch: lan');
});

test('of a half-typed lab as much as there is', () => {
  const { nodes, links, wires } = diagramOf(
    'switches:\n  lan:\nvms:\n  a: { nics: [{ switch: nowhere }, { switch: lan }] }\n  a:\nwires:\n  - { between: [lan, gone] }\n',
  );

  expect(nodes.map(node => node.id)).toEqual(['a']);
  expect(links.map(link => [link.node, link.network])).toEqual([['a', 'lan']]);
  expect(wires).toEqual([]);
});
