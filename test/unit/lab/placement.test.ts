import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostOf, hostsOf, thisHost, withoutJoins } from '../../../extension/lab/hosts/lab-part.ts';
import type { Lab } from '../../../extension/lab/model.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';

const labOf = (text: string): Lab => readLab(`name: dmz\nhosts: { left: {}, right: { ssh: me@r } }\n${text}`).lab!;

/** `a@left` is a VM `a` on `left`. */
const vmsOn = (places: Readonly<Record<string, readonly string[]>>): string =>
  [
    'vms:',
    ...Object.entries(places).map(([vm, switches], at) => {
      const [name, host] = vm.split('@');
      const nics = switches.map(one => `{ switch: ${one} }`).join(', ');
      return `  ${name}: { id: ${at + 1}, ${host ? `host: ${host}, ` : ''}nics: [${nics}] }`;
    }),
  ].join('\n');

const copiesOf = (lab: Lab): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(lab.switches.map(one => [one.name, hostsOf(one)]));

const joinsOf = (lab: Lab): readonly string[] =>
  lab.wires.flatMap(wire =>
    wire.join === undefined ? [] : `${wire.name}: ${hostOf(wire) || 'here'} dials ${wire.join}`,
  );

test('a lab without hosts has no copies and no joins', () => {
  const { lab } = readLab('switches: { lan: {} }\nvms: { a: { id: 1, nics: [{ switch: lan }] } }');

  expect(lab!.switches[0]).not.toHaveProperty('copies');
  expect(lab!.wires).toEqual([]);
});

test.each([
  ['VMs of one host only', 'lan: {}', { 'a@left': ['lan'], 'b@left': ['lan'] }, ['left'], []],
  [
    'VMs of this host and another one',
    'lan: {}',
    { a: ['lan'], 'b@left': ['lan'] },
    [thisHost, 'left'],
    ['lan@left: here dials left'],
  ],
  [
    'VMs of two others, the first of hosts in the middle',
    'lan: {}',
    { 'a@right': ['lan'], 'b@left': ['lan'] },
    ['left', 'right'],
    ['lan@right: right dials left'],
  ],
  [
    'a middle that the switch names',
    'lan: { host: right }',
    { 'a@right': ['lan'], 'b@left': ['lan'], c: ['lan'] },
    ['right', thisHost, 'left'],
    ['lan@right: here dials right', 'lan@left: left dials right'],
  ],
  [
    'an uplink, which is here unless the switch says where',
    'lan: { slirp: true }',
    { 'a@right': ['lan'] },
    [thisHost, 'right'],
    ['lan@right: here dials right'],
  ],
  ['nobody', 'lan: {}', {}, [thisHost], []],
])('a switch with %s', (_, switches, vms, copies, joins) => {
  const lab = labOf(`switches: { ${switches} }\n${vmsOn(vms)}`);

  expect(copiesOf(lab)).toEqual({ lan: copies });
  expect(joinsOf(lab)).toEqual(joins);
});

test('a join has the highest free port on both sides, with all VLANs of the switch', () => {
  const lab = labOf(
    `switches: { lan: { ports: 8, vlans: 30 }, dmz: {} }\nwires: [{ between: [lan, dmz], tagged: 10 }]\n${vmsOn({ a: ['lan'], 'b@right': ['lan'], 'c@left': ['lan'] })}`,
  );

  expect(lab.wires.slice(1)).toMatchObject([
    {
      name: 'lan@left',
      ends: [{ switch: 'lan', port: 7 }, { outside: { kind: 'ssh', host: 'left', place: 'dmz/lan[7]' } }],
      tagged: [10, 30],
    },
    {
      name: 'lan@right',
      ends: [{ switch: 'lan', port: 6 }, { outside: { kind: 'ssh', host: 'me@r', place: 'dmz/lan[6]' } }],
      tagged: [10, 30],
    },
  ]);
});

test.each([
  ['/run/far/', '/run/far/dmz/switch-lan[31]'],
  ['far', '~/far/dmz/switch-lan[31]'],
])('the copy of a host whose run-time folders are in %s is found there', (run, place) => {
  const { lab } = readLab(
    `name: dmz\nhosts: { left: { run: ${run} } }\nswitches: { lan: {} }\n${vmsOn({ a: ['lan'], 'b@left': ['lan'] })}`,
  );

  expect(lab!.wires[0]!.ends[1].outside).toMatchObject({ place });
});

test('a wire lies where its switches meet; else the second one comes to the middle of the first', () => {
  const wired = (vms: Record<string, readonly string[]>, to = 'dmz') =>
    labOf(`switches: { lan: {}, dmz: {} }\nwires: [{ between: [lan, '${to}'] }]\n${vmsOn(vms)}`);
  const meeting = wired({ 'a@left': ['lan'], 'b@right': ['lan', 'dmz'] });
  const apart = wired({ 'a@left': ['lan'], 'b@right': ['dmz'] });
  const leading = wired({ 'a@left': ['lan'] }, 'udp://127.0.0.1:1->b:2');

  expect(hostOf(meeting.wires[0]!)).toBe('right');
  expect(copiesOf(meeting)).toEqual({ lan: ['left', 'right'], dmz: ['right'] });
  expect(hostOf(apart.wires[0]!)).toBe('left');
  expect(copiesOf(apart)).toEqual({ lan: ['left'], dmz: ['right', 'left'] });
  expect(joinsOf(apart)).toEqual(['dmz@left: left dials right']);
  expect(hostOf(leading.wires[0]!)).toBe('left');
});

test('hosts that have no copy of a switch have a spare join while it has ports, dialed like the others', () => {
  const sparesOf = (text: string) =>
    labOf(text).spares?.map(wire => [wire.name, hostOf(wire), wire.join, wire.ends[0].port]);
  const vms = vmsOn({ 'a@right': ['lan'] });

  expect(sparesOf(`switches: { lan: {} }\n${vms}`)).toEqual([
    ['lan@right', thisHost, 'right', 31],
    ['lan@left', 'left', 'right', 30],
  ]);
  expect(sparesOf(`switches: { lan: { ports: 2 } }\n${vms}`)).toEqual([['lan@right', thisHost, 'right', 2]]);
  expect(sparesOf(`switches: { lan: {} }\n${vmsOn({ a: ['lan'], 'b@left': ['lan'], 'c@right': ['lan'] })}`)).toBe(
    undefined,
  );
});

test('a switch without a port for a join is reported', () => {
  const text = `hosts: { left: {} }\nswitches: { lan: { ports: 2 } }\n${vmsOn({ a: ['lan'], 'b@left': ['lan'] })}`;

  expect(readLab(text).problems).toMatchObject([{ code: 'ports-full' }]);
});

test('joins change nothing of what is said of VLANs', () => {
  const lab = (host: string) =>
    readLab(
      `hosts: { left: {} }\nswitches: { lan: {} }\nvms:\n  a: { id: 1, nics: [{ switch: lan, tagged: 5 }] }\n  b: { id: 2, ${host}nics: [{ switch: lan }] }`,
    );

  expect(lab('').problems).toMatchObject([{ code: 'one-sided-tag' }]);
  expect(lab('host: left, ').problems).toMatchObject([{ code: 'one-sided-tag' }]);
});

test('whatever lies where, the copies of each switch and the joins between them are a tree', () => {
  const names = ['', 'left', 'right', 'third'];
  const aHost = fc.constantFrom(...names);
  const aSwitch = fc.record({ host: aHost, hasUplink: fc.boolean() });
  const aVm = fc.record({ host: aHost, nics: fc.array(fc.nat(3), { maxLength: 3 }) });
  const aWire = fc.tuple(fc.nat(3), fc.nat(3)).filter(([from, to]) => from !== to);
  const at = (host: string): string => (host === '' ? '' : `host: ${host}, `);
  fc.assert(
    fc.property(
      fc.array(aSwitch, { minLength: 4, maxLength: 4 }),
      fc.array(aVm, { maxLength: 8 }),
      fc.array(aWire, { maxLength: 4 }),
      (switches, vms, wires) => {
        const text = [
          'hosts: { left: {}, right: {}, third: {} }\nswitches:',
          ...switches.map(({ host, hasUplink }, index) => `  s${index}: { ${at(host)}slirp: ${hasUplink} }`),
          'vms:',
          ...vms.map(({ host, nics }, index) => {
            const cards = nics.map(to => `{ switch: s${to} }`).join(', ');
            return `  v${index}: { id: ${index + 1}, ${at(host)}nics: [${cards}] }`;
          }),
          'wires:',
          ...wires.map(([from, to]) => `  - { between: [s${from}, s${to}] }`),
        ].join('\n');
        const lab = readLab(text).lab!;
        for (const one of lab.switches) {
          const copies = hostsOf(one);
          const joins = lab.wires.filter(wire => wire.join !== undefined && wire.ends[0].switch === one.name);
          expect(new Set(copies).size).toBe(copies.length);
          expect(joins.length).toBe(copies.length - 1);
          // All joins touch the middle, each with another copy: a star.
          const others = joins.map(join => [hostOf(join), join.join!].filter(host => host !== copies[0]));
          expect(new Set(others.map(list => list.join('+')))).toEqual(new Set(copies.slice(1)));
          expect(new Set(joins.map(join => join.ends[0].port)).size).toBe(joins.length);
        }
        for (const vm of lab.vms)
          for (const nic of vm.nics) {
            const of = lab.switches.find(({ name }) => name === nic.switch)!;
            expect(hostsOf(of)).toContain(hostOf(vm));
          }
        for (const wire of withoutJoins(lab))
          for (const end of wire.ends)
            expect(hostsOf(lab.switches.find(({ name }) => name === end.switch)!)).toContain(hostOf(wire));
      },
    ),
  );
});
