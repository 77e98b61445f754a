import { describe, expect, test } from 'vitest';
import { parseCidr } from '../../../extension/lab/networks/cidr.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { labPlaces } from '../../../extension/lab/lab-places.ts';
import { completionAt } from '../../../extension/language/completion.ts';
import type { LooseNode } from '../../../extension/language/loose-node.ts';
import { readLoosely } from '../../../extension/language/loose-tree.ts';
import type { PlainPath } from '../../../extension/lab/reading/plain-data.ts';
import { bigLab } from '../../support/lab-generator.ts';
import { atMark, chosenOf, languageFacts } from '../../support/language-facts.ts';
import { readSample, samples } from '../../support/samples.ts';

const switches = 'switches:\n  lan: { network: 10.1.0.0/24, vlans: [10] }\n  dmz: { network: 10.2.0.0/24 }\n';

async function offered(marked: string, facts = languageFacts()) {
  const { text, offset } = atMark(marked);
  return (await completionAt(text, offset, facts))?.items ?? [];
}

const labels = async (marked: string, facts = languageFacts()): Promise<readonly string[]> =>
  (await offered(marked, facts)).map(({ label }) => label);

/** The text after an item was chosen, as VS Code would put it there; the end of the snippet is marked. */
async function chosen(marked: string, label: string, facts = languageFacts()): Promise<string> {
  const { text, offset } = atMark(marked);
  return chosenOf(text, await completionAt(text, offset, facts), label);
}

describe('keys', () => {
  test('are those of the place, needed ones first, without those that are there', async () => {
    expect((await labels('vms:\n  a:\n    memory: 1G\n    |')).slice(0, 3)).toEqual(['id', 'extends', 'count']);
    expect(await labels('vms:\n  a:\n    memory: 1G\n    |')).not.toContain('memory');
    expect(await labels('vms:\n  a:\n    nics: [{ switch: x, | }]')).toEqual([
      'address',
      'vlan',
      'tagged',
      'port',
      'model',
      'wire',
      'mac',
    ]);
  });

  test('come with their descriptions and defaults', async () => {
    const items = await offered('vms:\n  a:\n    |');

    expect(items.find(({ label }) => label === 'memory')).toMatchObject({
      detail: 'default: "256M"',
      documentation: 'Memory: a number with M or G.',
    });
  });

  test.each([
    ['vms:\n  a:\n    |', 'memory', 'vms:\n  a:\n    memory: '],
    ['vms:\n  a:\n    |', 'nics', 'vms:\n  a:\n    nics:\n      - '],
    ['vms:\n  a:\n    ni|\n    id: 1', 'nics', 'vms:\n  a:\n    nics:\n      - \n    id: 1'],
    ['vms:\n  a:\n    mem|: 1G', 'memory', 'vms:\n  a:\n    memory: 1G'],
    ['vms:\n  a:\n    nics:\n      - sw|', 'switch', 'vms:\n  a:\n    nics:\n      - switch: '],
    ['vms:\n  a: { | }', 'nics', 'vms:\n  a: { nics: [|] }'],
    ['wires:\n  - |', 'between', 'wires:\n  - between: [|]'],
    ['na|', 'switches', 'switches:\n  '],
    ['vms:\n  a:\n    nics:\n      |', 'switch', 'vms:\n  a:\n    nics:\n      - switch: '],
  ])('are put in as their place is written: %j', async (marked, label, expected) => {
    expect(await chosen(marked, label)).toBe(expected);
  });
});

describe('values', () => {
  test.each([
    ['vms:\n  a:\n    guest: |', ['tiny']],
    ['vms:\n  a:\n    vnc: |', ['true', 'false']],
    ['vms:\n  a:\n    accel: t|', ['auto', 'kvm', 'tcg']],
    [`${switches}vms:\n  a:\n    nics: [{ switch: | }]`, ['lan', 'dmz']],
    [`${switches}wires:\n  - { between: [lan, | ] }`, ['dmz']],
    ['vms:\n  a: {}\n  b: {}\ngroups:\n  x: { vms: [a] }\n  y: { vms: [|] }', ['b', 'a']],
    ['templates:\n  base: {}\nvms:\n  a:\n    extends: |', ['base']],
    [`${switches}vms:\n  a:\n    nics: [{ switch: lan, vlan: | }]`, ['10']],
    ['vms:\n  a:\n    description: |', []],
    ['vms:\n  a: # |', []],
  ])('%j', async (marked, expected) => {
    expect(await labels(marked)).toEqual(expected);
  });

  test('need quotes only where YAML does, and keep those that are being typed', async () => {
    const lab = 'switches:\n  lan: { network: "fd00::/64" }\nvms:\n  a:\n    nics: [{ switch: lan, address: | }]';

    expect(await chosen(lab, 'fd00::1/64')).toContain('address: "fd00::1/64" }');
    const [first] = await offered(`${switches}vms:\n  a:\n    nics: [{ switch: 'l|' }]`);
    expect(first).toMatchObject({ filter: "'lan" });
  });

  test('of a key without its blank get one', async () => {
    expect(await chosen('vms:\n  a:\n    guest:|', 'tiny')).toBe('vms:\n  a:\n    guest: tiny');
  });
});

describe('numbers that are free', () => {
  test('IDs: the next of this lab, and the lowest that nobody has', async () => {
    const facts = languageFacts({ usedIds: [1, 2, 32] });

    expect(await labels('vms:\n  a: { id: 31 }\n  b: { id: | }', facts)).toEqual(['33', '3']);
  });

  test('addresses: in the network of the switch, past those of the text and of the uplink', async () => {
    const lab = `${switches}vms:\n  a:\n    nics: [{ switch: lan, address: 10.1.0.1/24 }]\n  b:\n    nics: [{ switch: lan, address: | }]`;

    expect(await labels(lab)).toEqual(['10.1.0.2/24', 'dhcp']);
    expect(
      await labels(
        'switches:\n  i: { slirp: true, network: 10.0.2.0/24 }\nvms:\n  a:\n    nics: [{ switch: i, address: | }]',
      ),
    ).toEqual(['dhcp', '10.0.2.1/24']);
  });

  test('gateways: routers among the neighbours', async () => {
    const fw =
      '  fw:\n    forward: true\n    nics: [{ switch: lan, address: 10.1.0.1/24 }, { switch: dmz, address: 10.2.0.1/24 }]\n';
    const pc = '  pc:\n    gateway: |\n    nics: [{ switch: lan, address: 10.1.0.9/24 }]\n';

    expect(await labels(`${switches}vms:\n${fw}${pc}`)).toEqual(['10.1.0.1']);
  });

  test('networks: none that a lab of the workspace or the host has', async () => {
    const taken = ['192.168.1.0/24', '192.168.2.0/25', '10.0.0.0/8', '172.16.0.0/12'].flatMap(
      text => parseCidr(text) ?? [],
    );
    const facts = languageFacts({ takenNetworks: () => Promise.resolve(taken) });

    const found = await labels('switches:\n  a: { network: 192.168.3.0/24 }\n  b: { network: | }', facts);

    expect(found[0]).toBe('192.168.4.0/24');
    expect(found.filter(one => !/^(192\.168\.(?![123]\.)|fd)/.test(one))).toEqual([]);
    expect(found.length).toBe(5);
  });
});

describe('what QEMU has', () => {
  const device = (name: string) => ({ name, description: `an ${name}`, group: 'Network devices' });
  const qemu = () =>
    Promise.resolve({
      machines: [{ name: 'q35', description: 'Standard PC' }],
      cpus: [{ name: 'Skylake', description: '' }],
      devices: [device('e1000'), device('rtl8139')],
    });
  const nic = 'vms:\n  a:\n    nics: [{ model: | }]';

  test('models of NICs come first if it has them, in its words', async () => {
    const found = await offered(nic, languageFacts({ qemu }));

    expect(found.slice(0, 3).map(({ label, detail }) => `${label}: ${detail}`)).toEqual([
      'e1000: an e1000',
      'rtl8139: an rtl8139',
      'virtio: not in the QEMU of this host',
    ]);
  });

  test('without QEMU the list says so', async () => {
    expect((await offered(nic)).map(({ detail }) => detail)).toContain('built-in list: there is no QEMU on this host');
  });

  test('machines, CPUs and devices are the arguments behind their options', async () => {
    const extra = (before: string) => labels(`vms:\n  a:\n    extra: [${before}|]`, languageFacts({ qemu }));

    expect(await extra('')).toEqual(['-machine', '-cpu', '-device']);
    expect(await extra('-machine, ')).toEqual(['q35']);
    expect(await extra('-cpu, ')).toEqual(['Skylake']);
    expect(await extra('-device, ')).toEqual(['e1000', 'rtl8139']);
  });
});

describe('new things', () => {
  test('a VM under the name that was typed, with a free ID and address, reads without problems', async () => {
    const text = await chosen(`${switches}vms:\n  a: { id: 4, nics: [] }\n  we|\n`, 'we new VM: a tiny guest on dmz');

    expect(text).toBe(
      `${switches}vms:\n  a: { id: 4, nics: [] }\n  we:\n    id: 5\n    guest: tiny\n    nics:\n      - { switch: dmz, address: 10.2.0.1/24 }\n`,
    );
    expect(readLab(text).problems).toEqual([]);
  });

  test.each([
    [`${switches}vms: { | }`, 'vm1 new VM: a tiny guest on lan'],
    ['switches:\n  |', 'lan1 new switch: 192.168.1.0/24'],
    ['switches: { | }', 'lan1 new uplink: DHCP and NAT to the outside'],
    [`${switches}wires:\n  |`, 'wire lan – dmz'],
    [`${switches}wires: |`, 'wire lan – dmz'],
    [`${switches}wires:\n  - { between: | }`, 'lan, dmz'],
    [`${switches}vms:\n  a:\n    id: 1\n    nics:\n      |`, 'NIC on dmz'],
    [`${switches}vms:\n  a:\n    id: 1\n    nics:\n      - |`, 'NIC on dmz'],
    [`${switches}vms:\n  a: { id: 1, nics: [|] }`, 'NIC on dmz'],
    [`${switches}vms:\n  a:\n    id: 1\n    nics: |`, 'NIC on lan'],
    ['vms:\n  a:\n    id: 1\n    disks:\n      - |', 'new disk of 4G'],
    ['vms: { a: { id: 1 } }\ngroups:\n  |', 'group1 new group of a'],
    ['|', 'lab: Firewall between two networks'],
  ])('can be read where they are offered: %j', async (marked, label) => {
    const text = (await chosen(marked, label)).replace('|', '');

    expect(readLab(text).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('are not offered where the name has its thing already', async () => {
    expect(await labels(`${switches}vms:\n  a|: { id: 4 }`)).toEqual([]);
  });
});

describe('every prefix of a sample', () => {
  test.each(samples)('$name: what comes next is offered, and nothing throws', async sample => {
    const { text, included } = sample;
    // Without what it includes, a lab is read from its text alone.
    const lab = included.length === 0 ? undefined : readSample(sample).lab;
    const facts = languageFacts({ lab, otherTexts: included.map(part => part.text) });
    for (let end = 0; end <= text.length; end += 1) await completionAt(text.slice(0, end), end, facts);
    const expected = expectations(text);

    const missing: string[] = [];
    for (const { at, label } of expected) {
      // Half typed: the first letter is there, and all that follows is not; then, all that follows is.
      const half = await completionAt(text.slice(0, at + 1), at + 1, facts);
      const whole = await completionAt(text, at + 1, facts);
      for (const found of [half, whole])
        if (found?.items.some(one => one.label === label) !== true) missing.push(`${label} at ${at}`);
    }

    expect(expected.length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });
});

/** Each key that the schema knows and each name of a switch that a NIC plugs into, with its place. */
function expectations(text: string) {
  const found: { readonly at: number; readonly label: string }[] = [];
  const walk = (node: LooseNode | undefined, path: PlainPath): void => {
    if (node?.kind === 'list') node.items.forEach(({ value }, index) => walk(value, [...path, index]));
    if (node?.kind !== 'map') return;
    for (const { key, keySpan, value } of node.entries) {
      if (labPlaces.key(path, key)) found.push({ at: keySpan.start, label: key });
      if (key === 'switch' && value?.kind === 'scalar') found.push({ at: value.span.start, label: value.text });
      walk(value, [...path, key]);
    }
  };
  walk(readLoosely(text).root, []);
  return found;
}

test('names of switches are offered in a lab of 1,000 VMs', async () => {
  const big = bigLab(1000, 20);
  const at = big.indexOf('switch: s', big.length / 2) + 'switch: '.length;

  const found = await completionAt(big, at, languageFacts());

  expect(found?.items.map(({ label }) => label)).toContain('s19');
});

test('steps of scenarios are offered what they can be about', async () => {
  const lab =
    'switches: { lan: {}, dmz: {} }\nvms: { web: { id: 1, nics: [{ switch: lan }] } }\nwires: [{ between: [lan, dmz] }]\n';
  const step = (words: string) => labels(`${lab}scenarios:\n  storm:\n    - { for: 1s, ${words} }\n`);

  expect(await step('wire: |')).toEqual(['lan-dmz', 'web/1']);
  expect(await step('flap: we|')).toContain('web/1');
  expect(await step('pause: |')).toEqual(['web']);
  expect(await step('kill: |')).toEqual(['lan', 'dmz']);
});

test('a bad wire is offered the presets that are built in', async () => {
  expect(await labels('wires: [{ between: [a, b], preset: | }]')).toContain('satellite');
  expect(await labels('vms:\n  a:\n    nics: [{ switch: x, wire: | }]')).toContain('lte');
  expect(await labels('vms:\n  a:\n    nics: [{ switch: x, wire: { | } }]')).toContain('jitter');
});

describe('the sentence of a check', () => {
  const lab =
    'switches: { lan: { vlans: [10] }, dmz: {} }\nvms: { pc: {}, web: {} }\ngroups: { office: { vms: [pc] } }\nchecks:\n';

  test.each([
    ['  up: |', ['pc', 'web', 'office', 'lan', 'dmz', 'VLAN 10']],
    ['  up: p|', ['pc', 'web', 'office', 'lan', 'dmz', 'VLAN 10']],
    ['  up: pc r|', ['pc reaches', 'pc must not reach', 'pc gets at least', 'pc is isolated from']],
    ['  up: "office |"', ['office reach', 'office must not reach', 'office get at least', 'office is isolated from']],
    ['  up: lan |', ['lan is the STP root']],
    ['  up: pc reaches |', ['pc reaches web', 'pc reaches office', 'pc reaches lan', 'pc reaches dmz']],
    [
      '  up: { check: pc is isolated from w| }',
      ['web', 'office', 'VLAN 10'].map(name => `pc is isolated from ${name}`),
    ],
    ['  up: pc gets at least |', ['1', '10', '100'].map(size => `pc gets at least ${size}Mbit from`)],
    ['  up: pc gets at least 10Mbit from |', ['pc gets at least 10Mbit from web']],
    ['  up: pc must not reach dmz |', ['tcp/80', 'tcp/22', 'udp/53'].map(port => `pc must not reach dmz on ${port}`)],
  ])('is offered part by part: %s', async (typed, expected) => {
    expect(await labels(lab + typed)).toEqual(expected);
  });

  test('goes on where it is no whole sentence yet', async () => {
    expect(await chosen(`${lab}  up: pc r|`, 'pc reaches')).toBe(`${lab}  up: pc reaches `);
    expect(await chosen(`${lab}  up: pc reaches w|`, 'pc reaches web')).toBe(`${lab}  up: pc reaches web`);
    expect(await labels(`${lab}  up: { on: | }`)).toEqual(['pc', 'web']);
  });
});
