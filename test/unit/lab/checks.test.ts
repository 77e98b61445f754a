import { describe, expect, test } from 'vitest';
import type { ProblemCode } from '../../../extension/lab/problem.ts';
import type { ReadOptions } from '../../../extension/lab/reading/reader.ts';
import { readMarked } from '../../support/lab-marked.ts';

/** `«…»` marks exactly what each problem underlines; the codes come in the order of the marks. */
type Case = readonly [sentence: string, text: string, ...codes: readonly ProblemCode[]];

const lan = 'switches: { lan: {}, dmz: {} }\n';
const net = 'switches: { lan: { network: 10.0.0.0/24 } }\n';
const vm = (keys: string): string => `vms: { a: { id: 1, ${keys} } }\n`;
const nics = (...list: readonly string[]): string =>
  vm(`nics: [${list.map(keys => `{ switch: lan, ${keys} }`).join(', ')}]`);
const long = 'x'.repeat(41);

function check(cases: readonly Case[], options: ReadOptions = {}): void {
  for (const [sentence, text, ...codes] of cases) {
    test(sentence, () => {
      const { found, expected, problems } = readMarked(text, codes, options);

      expect(found).toEqual(expected);
      expect(expected).toHaveLength(codes.length);
      for (const problem of problems) expect(problem.message).toMatch(/^.+[.?)]$/);
    });
  }
}

describe('what a switch boots VMs from', () => {
  const pxe = (keys: string): string => `switches: { lan: { pxe: ${keys} } }`;
  check([
    ['is whole', pxe('{ root: tftp/x, file: pxe/boot.ipxe }')],
    ['has a file', pxe('«{ root: tftp }»'), 'missing-key'],
    ['lies beside the lab file, not above', pxe('{ root: «../tftp», file: x }'), 'bad-value'],
    ['nor anywhere on the host', pxe('{ root: «/etc», file: x }'), 'bad-value'],
    ['nor in a home folder', pxe('{ root: «~/tftp», file: x }'), 'bad-value'],
    ['the file lies in the folder', pxe('{ root: tftp, file: «a/../../x» }'), 'bad-value'],
    ['the file has a name that BOOTP can say', pxe(`{ root: tftp, file: «${'x'.repeat(128)}» }`), 'bad-value'],
    [
      'needs an IPv4 network with room',
      'switches: { lan: { network: «fd00::/64», pxe: { root: t, file: x } } }',
      'bad-value',
    ],
    [
      'takes two addresses of it',
      `${pxe('{ root: t, file: x }')}\n${vm('nics: [{ switch: lan, address: «10.0.2.2/24» }]')}`,
      'address-double',
    ],
  ]);
});

describe('keys and values', () => {
  check([
    ['an unknown key is named', 'vms: { a: { id: 1, «nicks»: [] } }', 'unknown-key'],
    ['a merge key is unknown', 'vms: { a: { id: 1, «<<»: {} } }', 'unknown-key'],
    ['a key that objects have anyway is unknown too', '«__proto__»: 1\n«constructor»: 2', 'unknown-key', 'unknown-key'],
    ['a key that is there twice is named', 'vms: { a: { id: 1, «id»: 2 } }', 'yaml-syntax'],
    ['a VM that is there twice is named', 'vms:\n  a: { id: 1 }\n  «a»: { id: 2 }\n', 'yaml-syntax'],
    ['memory without a number', vm('memory: «lots»'), 'bad-value'],
    ['memory of nothing', vm('memory: «0»'), 'bad-value'],
    ['a fraction of a CPU', vm('cpus: «1.5»'), 'bad-value'],
    ['an unknown acceleration', vm('accel: «fast»'), 'bad-value'],
    ['a map where a value belongs', vm('memory: «{ size: 1 }»'), 'bad-value'],
    ['a path with a line break', vm('cdrom: «"a\\nb"»'), 'bad-value'],
    ['a path with a NUL', vm('disks: [«"a\\0b"»]'), 'bad-value'],
    ['an argument with a NUL', vm('extra: [-x, «"a\\0b"»]'), 'bad-value'],
    ['a boot device that is none', vm('boot: [«floppy», cdrom], cdrom: x.iso'), 'bad-value'],
    ['vnc as a word', vm('vnc: «"yes"»'), 'bad-value'],
    ['a guest that nobody knows', vm('guest: «big»'), 'bad-value'],
    ['a disk without a file', vm('disks: [«{ size: 4G }»]'), 'missing-key'],
    ['a disk with a size in words', vm('disks: [{ file: x, size: «big» }]'), 'bad-value'],
    ['a MAC of five bytes', lan + nics('mac: «52:54:00:00:01»'), 'bad-value'],
    ['a MAC of a group of stations', lan + nics('mac: «53:54:00:00:00:01»'), 'bad-value'],
    ['a prefix of MACs of groups', 'defaults: { mac-prefix: «01:00:5e» }', 'bad-value'],
    ['an address without prefix length', lan + nics('address: «10.0.0.1»'), 'bad-value'],
    ['an address with a prefix that is too long', lan + nics('address: [«10.0.0.1/33», 10.0.0.1/24]'), 'bad-value'],
    ['a gateway with a prefix', lan + vm('gateway: «10.0.0.1/24»'), 'bad-value'],
    ['a NIC without a switch', vm('nics: [«{ vlan: 1 }»]'), 'missing-key'],
    ['NICs that are no list', lan + vm('nics: «{ switch: lan }»'), 'bad-value'],
    ['VMs as a list', 'vms: «[a]»', 'bad-value'],
    ['a VM that is a number', 'vms: { «a»: «1» }', 'id-missing', 'bad-value'],
    ['a colour that is none', 'groups: { g: { vms: [], colour: «"#12"» } }', 'bad-value'],
    ['a key without a value', 'vms: { a: { id: 1, «memory»: } }', 'missing-key'],
    ['a list is not a lab', '«- a»', 'not-a-lab'],
    ['an empty text is not a lab', '«»', 'not-a-lab'],
    ['a comment is not a lab', '«»# soon', 'not-a-lab'],
  ]);
});

describe('names', () => {
  check([
    ['a VM with a blank in its name', 'vms: { «my vm»: { id: 1 } }', 'bad-name'],
    ['a VM that climbs out of the folder', 'vms: { «../x»: { id: 1 } }', 'bad-name'],
    ['a VM with a leading dash', 'vms: { «-rf»: { id: 1 } }', 'bad-name'],
    ['a switch with a command in its name', 'switches: { «$(id)»: {} }', 'bad-name'],
    ['a VM with a name of ours', 'vms: { «lab»: { id: 1 } }', 'bad-name'],
    ['a VM with a name that begins like our scripts', 'vms: { «Switch-x»: { id: 1 } }', 'bad-name'],
    ['two VMs that differ in case only', 'vms: { fw: { id: 1 }, «FW»: { id: 2 } }', 'bad-name'],
    ['a VM whose socket would be that of another', 'vms: { fw: { id: 1 }, «fw.watch»: { id: 2 } }', 'bad-name'],
    ['a switch whose files would be those of another', 'switches: { lan: {}, «lan.mgmt»: {} }', 'bad-name'],
    ['a VM with a long name', `vms: { «${long}»: { id: 1 } }`, 'name-too-long'],
    ['a group with a line break in its name', 'groups: { «"a\\nb"»: { vms: [] } }', 'bad-name'],
    ['a group with a long name', `groups: { «${long}»: { vms: [] } }`, 'name-too-long'],
    ['a lab with a slash in its name', 'name: «a/b»\nvms: {}', 'bad-name'],
    ['a lab with a long name', `name: «${long}»\nvms: {}`, 'name-too-long'],
  ]);

  check([['a file whose name is no name for a lab', '«vms»: {}', 'bad-name']], { fileName: 'x/my lab.lab.yaml' });
  check(
    [
      [
        'names that together make a socket path too long',
        `switches: { «${'s'.repeat(40)}»: {}, lan: {} }`,
        'name-too-long',
      ],
    ],
    { fileName: `${'l'.repeat(25)}.lab.yaml` },
  );
  check([['a long run-time folder', 'vms: { «a»: { id: 1 } }', 'name-too-long']], { runRoot: `/${'r'.repeat(100)}` });
});

describe('IDs and MACs', () => {
  check([
    ['a VM without an ID', 'vms: { «a»: {} }', 'id-missing'],
    ['a half-typed VM', 'vms:\n  «a»:\n', 'id-missing'],
    ['a half-typed ID', 'vms:\n  «a»:\n    id:\n', 'id-missing'],
    ['an ID of zero', 'vms: { a: { id: «0» } }', 'id-range'],
    ['an ID that is too large', 'vms: { a: { id: «10000» } }', 'id-range'],
    ['an ID that is too large in hexadecimal', "vms: { a: { id: «'0x2710'» } }", 'id-range'],
    ['an ID in words', 'vms: { a: { id: «one» } }', 'bad-value'],
    ['one ID for two VMs', 'vms: { a: { id: 31 }, b: { id: «0x1f» } }', 'id-double'],
    ['a MAC that another NIC was given', lan + nics('mac: 52:54:00:aa:00:01', 'mac: «52:54:00:AA:00:01»'), 'mac-clash'],
    ['a MAC that another NIC has from its ID', lan + nics('vlan: 1', 'mac: «52:54:00:00:01:01»'), 'mac-clash'],
  ]);
});

describe('references', () => {
  check([
    ['a NIC on an unknown switch', lan + vm('nics: [{ switch: «lam» }]'), 'unknown-switch'],
    ['a wire to an unknown switch', `${lan}wires: [{ between: [lan, «x»] }]`, 'unknown-switch'],
    ['a wire from a switch to itself', `${lan}wires: [{ between: [lan, «lan»] }]`, 'wire-loop'],
    ['a wire with one end', `${lan}wires: [{ between: «[lan]» }]`, 'missing-key'],
    ['a wire without ends', `${lan}wires: [«{ vlan: 1 }»]`, 'missing-key'],
    ['a group of an unknown VM', 'groups: { g: { vms: [«a»] } }', 'unknown-vm'],
    ['a VM in two groups', 'vms: { a: { id: 1 } }\ngroups: { g: { vms: [a] }, h: { vms: [«a»] } }', 'group-double'],
    ['a preset that there is not', `${lan}wires: [{ between: [lan, dmz], preset: «ltee» }]`, 'bad-value'],
    ['a preset of a NIC that there is not', lan + nics('wire: «dls»'), 'bad-value'],
    ['an amount without its unit', `${lan}wires: [{ between: [lan, dmz], delay: «20» }]`, 'bad-value'],
    ['a loss that wirefilter would take for none', lan + nics('wire: { loss: «abc» }'), 'bad-value'],
    [
      'a mistake in a preset, told once',
      `${lan}presets: { x: { loss: «2» } }\n${nics('wire: x', 'wire: x')}`,
      'bad-value',
    ],
    ['an unknown key of one direction', lan + nics('wire: { there: { «lost»: 1% } }'), 'unknown-key'],
    ['a state that there is not', lan + nics('wire: { states: { a: { to: { «b»: 1% } }, c: } }'), 'bad-value'],
    [
      'more than all that leaves a state',
      lan + nics('wire: { states: { a: { to: «{ b: 60%, c: 41% }» }, b: { loss: 1% }, c: { loss: 2% } } }'),
      'bad-value',
    ],
  ]);
});

describe('addresses', () => {
  check([
    ['an address outside the network', net + nics('address: «10.0.1.1/24»'), 'address-outside'],
    [
      'the second address of a list outside',
      net + nics("address: [10.0.0.1/24, «10.0.1.1/24», 'fd00::1/64']"),
      'address-outside',
    ],
    ['the address of the network itself', net + nics('address: «10.0.0.0/24»'), 'address-outside'],
    ['the broadcast address', net + nics('address: «10.0.0.255/24»'), 'address-outside'],
    ['another prefix length', net + nics('address: «10.0.0.1/16»'), 'address-outside'],
    ['one address twice on a switch', net + nics('address: 10.0.0.1/24', 'address: «10.0.0.1/24»'), 'address-double'],
    [
      'one IPv6 address in two spellings',
      lan + nics("address: 'fd00::1/64'", "address: «'fd00:0::0:1/64'»"),
      'address-double',
    ],
    [
      'one address twice in a VLAN',
      lan + nics('vlan: 5, address: 10.0.0.1/24', 'tagged: { 5: «10.0.0.1/24» }'),
      'address-double',
    ],
    [
      'one address on both sides of a trunk',
      `${lan}vms: { a: { id: 1, nics: [{ switch: lan, vlan: 5, address: 10.0.0.1/24 }, { switch: dmz, vlan: 5, address: «10.0.0.1/24» }] } }\n` +
        'wires: [{ between: [lan, dmz], tagged: [5] }]',
      'address-double',
    ],
    ['a network with the address of a host', 'switches: { lan: { network: «10.0.0.1/24» } }', 'bad-value'],
    ['an uplink in IPv6', "switches: { lan: { network: «'fd00::/64'», slirp: true } }", 'bad-value'],
    [
      'the address that the uplink has',
      `switches: { lan: { slirp: true } }\n${nics('address: «10.0.2.2/24»')}`,
      'address-double',
    ],
    [
      'a tap outside the network',
      'switches: { lan: { network: 10.0.0.0/24, tap: { interface: t0, address: «10.0.1.1/24» } } }',
      'address-outside',
    ],
    [
      'a NIC with the address of the tap',
      `switches: { lan: { tap: { interface: t0, address: 10.0.0.1/24 } } }\n${nics('address: «10.0.0.1/24»')}`,
      'address-double',
    ],
    ['a gateway elsewhere', net + vm('gateway: «10.9.0.1», nics: [{ switch: lan }]'), 'gateway-outside'],
    [
      'a gateway that is the VM itself',
      net + vm('gateway: «10.0.0.1», nics: [{ switch: lan, address: 10.0.0.1/24 }]'),
      'gateway-outside',
    ],
    ['a gateway without a NIC', vm('gateway: «10.0.0.1»'), 'gateway-outside'],
  ]);
});

describe('VLANs and ports', () => {
  check([
    ['VLAN 0', lan + nics('vlan: «0»'), 'vlan-range'],
    ['VLAN 4095 as a tag', lan + nics('tagged: [10, «4095»]'), 'vlan-range'],
    ['VLAN 5000 in a map', lan + nics('tagged: { «5000»: 10.0.0.1/24 }'), 'vlan-range'],
    ['VLAN 0 of a switch', 'switches: { lan: { vlans: [«0»] } }', 'vlan-range'],
    ['a VLAN in words', lan + nics('vlan: «red»'), 'bad-value'],
    ['a VLAN with and without its tag', lan + nics('vlan: «10», tagged: [10, 20]'), 'vlan-and-tag'],
    [
      'a VLAN with and without its tag on a wire',
      `${lan}wires: [{ between: [lan, dmz], vlan: «10», tagged: [10] }]`,
      'vlan-and-tag',
    ],
    ['one tag twice', lan + nics('tagged: [10, «10»]'), 'vlan-and-tag'],
    [
      'more NICs than ports',
      'switches: { lan: { ports: 1 } }\nvms: { a: { id: 1, nics: [{ switch: lan }, { switch: «lan» }] } }',
      'ports-full',
    ],
    [
      'a wire without a port',
      `switches: { lan: { ports: 1 }, dmz: {} }\n${nics('vlan: 1')}wires: [{ between: [«lan», dmz] }]`,
      'ports-full',
    ],
    ['an uplink without a port', `switches: { lan: { ports: 1, slirp: «true» } }\n${nics('port: 1')}`, 'ports-full'],
    ['one port for two NICs', lan + nics('port: 3', 'port: «3»'), 'port-clash'],
    ['the port of the tap', `switches: { lan: { tap: { interface: t0 } } }\n${nics('port: «1»')}`, 'port-clash'],
    ['a port that the switch does not have', lan + nics('port: «32»'), 'port-clash'],
  ]);
});

describe('the host', () => {
  const forward = (list: string): string => `switches: { inet: { slirp: { forward: [${list}] } } }\n`;
  check([
    ['a forward that is none', forward('«2222»'), 'bad-value'],
    ['a forward to a name', forward('«tcp 2222 web:22»'), 'bad-value'],
    ['a forward to outside the uplink', forward('«tcp 2222 10.1.0.1:22»'), 'address-outside'],
    ['one port forwarded twice', forward('tcp 2222 10.0.2.15:22, «tcp 2222 10.0.2.16:22»'), 'host-port-clash'],
    [
      'one port forwarded on one address and on all',
      forward('tcp 2222 10.0.2.15:22, «tcp 0.0.0.0:2222 10.0.2.15:22»'),
      'host-port-clash',
    ],
    ['a forward on a serial console', forward('«tcp 10001 10.0.2.15:22»') + vm(''), 'host-port-clash'],
    ['a forward on a monitor', forward('«tcp 0.0.0.0:20001 10.0.2.15:22»') + vm(''), 'host-port-clash'],
    ['a forward on a display', forward('«tcp 30001 10.0.2.15:22»') + vm('vnc: true'), 'host-port-clash'],
    ['a tap without an interface', 'switches: { lan: { tap: «{ group: kvm }» } }', 'missing-key'],
    ['a tap with a name of 16 bytes', 'switches: { lan: { tap: { interface: «abcdefghijklmnop» } } }', 'bad-value'],
    [
      'a group of the host with a line break',
      'switches: { lan: { tap: { interface: t0, group: «"a\\nb"» } } }',
      'bad-value',
    ],
    [
      'one tap for two switches',
      'switches: { a: { tap: { interface: t0 } }, b: { tap: { interface: «t0» } } }',
      'tap-clash',
    ],
  ]);
});

describe('booting', () => {
  check([
    ['the tiny guest with another kernel', vm('guest: tiny, kernel: «x»'), 'bad-value'],
    ['a RAM disk without a kernel', vm('initrd: «x»'), 'missing-key'],
    ['arguments without a kernel', vm('append: «quiet»'), 'missing-key'],
    ['a kernel command line that is too long', vm(`kernel: x, append: «${'x'.repeat(2001)}»`), 'append-too-long'],
    ['a kernel command line of two lines', vm('kernel: x, append: «"a\\nb"»'), 'bad-value'],
    ['a CD to boot from that is not there', vm('boot: «cdrom»'), 'missing-key'],
    ['more NICs than slots', `${lan}vms: { a: { id: 1, nics: «[${'{ switch: lan }, '.repeat(29)}]» } }`, 'bad-value'],
  ]);
});

describe('what is no problem', () => {
  check([
    ['an ID in hexadecimal, as a number or text', "vms: { a: { id: 0x1f }, b: { id: '0x20' }, c: { id: '33' } }"],
    ['empty collections', 'vms:\nswitches:\ngroups:\nwires:\ndefaults:\n'],
    ['a switch without keys', 'switches:\n  lan:\n'],
    ['odd paths and arguments', vm("cdrom: '-x $(id) `a` ''q'' ü', extra: [-append, \"a\\nb\", 7]")],
    ['one address in two VLANs', lan + nics('vlan: 1, address: 10.0.0.1/24', 'vlan: 2, address: 10.0.0.1/24')],
    ['an address of a VLAN outside the network', net + nics('vlan: 1, address: 10.9.0.1/24')],
    ['an IPv6 address on an IPv4 network', net + nics("address: 'fd00::1/64'")],
    [
      'a gateway behind a NIC of which nothing is known',
      lan + vm('gateway: 10.0.0.1, nics: [{ switch: lan, address: dhcp }]'),
    ],
    [
      'one port forwarded for tcp and udp',
      'switches: { i: { slirp: { forward: [tcp 53 10.0.2.15:53, udp 53 10.0.2.15:53] } } }',
    ],
    ['a file of Windows', 'vms:\r\n  a:\r\n    id: 1\r\n'],
    ['a file with a byte order mark', '\uFEFFvms: { a: { id: 1 } }'],
    ['28 NICs', `switches: { lan: {} }\nvms: { a: { id: 1, nics: [${'{ switch: lan }, '.repeat(28)}] } }`],
  ]);
});
