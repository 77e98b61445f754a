import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../extension/lab/edits/edit.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { listMatrices } from '../../../extension/runtime/switches/matrix-list.ts';
import { drawMatrix, switchOf, targetFor, type MatrixParts } from '../../../extension/runtime/switches/vlan-matrix.ts';
import { adoptionOf, commandsFor, editsFor } from '../../../extension/runtime/switches/vlan-orders.ts';
import { FakeVdeSwitch } from '../../support/fake-management.ts';
import { processEntry } from '../../support/fake-processes.ts';
import { running, snapshotOf } from '../../support/lab-builder.ts';
import { pictureOf, runningLan } from '../../support/switch-pictures.ts';

const text = `name: dmz
switches:
  lan: { vlans: [10, 20], slirp: true }
  dmz:
vms:
  fw: { id: 1, nics: [{ switch: lan, tagged: [10, 20] }] } # trunk
  pc: { id: 2, nics: [{ switch: lan, vlan: 10 }] }
wires:
  - { between: [lan, dmz], tagged: [20] }
`;
const lab = readLab(text).lab!;
const target = { lab: '/labs/dmz.lab.yaml', name: 'lan', socket: '' };
const nothing: MatrixParts = { target, lab, of: undefined, picture: undefined, isTrusted: true };

/** Uplink 1, fw 2, pc 3, wire 31, as the lab file says. */
const asInFile = (): FakeVdeSwitch =>
  new FakeVdeSwitch().port(1).port(2).port(3, { vlan: 10 }).port(31).vlan(10, 2).vlan(20, 2, 31);

async function drawn(one: FakeVdeSwitch, parts: Partial<MatrixParts> = {}) {
  const picture = await pictureOf(one, [processEntry(5, ['kvm', '-name', 'x'])], parts.lab ?? lab);
  return { picture, matrix: drawMatrix({ ...nothing, of: runningLan(), picture, ...parts }) };
}

describe('the matrix of a switch', () => {
  test('has a row for each port that runs or is in the file, and a column for each VLAN of either', async () => {
    const one = asInFile().port(2, { vlan: 30 }).vlan(30).vlan(40);
    one.ports.delete(31);
    const { matrix } = await drawn(one);

    expect(matrix).toMatchObject({ vlans: [10, 20, 30, 40], canApply: true, canWrite: true, news: undefined });
    expect(matrix.ports.map(port => [port.number, port.who, port.state, port.live, port.file])).toEqual([
      [1, 'uplink', 'not plugged in', { untagged: 0, tagged: [] }, { untagged: 0, tagged: [] }],
      [2, 'fw NIC 1', 'not plugged in', { untagged: 30, tagged: [10, 20] }, { untagged: 0, tagged: [10, 20] }],
      [3, 'pc NIC 1', 'not plugged in', { untagged: 10, tagged: [] }, { untagged: 10, tagged: [] }],
      [31, 'wire lan-dmz', 'not plugged in', undefined, { untagged: 0, tagged: [20] }],
    ]);
    expect(matrix.drift).toEqual(['VLAN 30 is not in the file', 'VLAN 40 is not in the file']);
  });

  test('names who is really there, and where the lab file has a place for VLANs', async () => {
    const one = asInFile()
      .port(3, { vlan: 10, endpoints: ['QEMU user=u pid=5'] })
      .port(7, { endpoints: ['a pid=9'] });
    const { matrix } = await drawn(one);

    expect(matrix.ports.map(port => [port.who, port.plug])).toEqual([
      ['uplink', undefined],
      ['fw NIC 1', 'fw NIC 1'],
      ['x NIC ?', 'pc NIC 1'],
      ['unknown process 9 (a pid=9)', undefined],
      ['wire lan-dmz', 'wire lan-dmz'],
    ]);
    expect(matrix.ports[2]).toMatchObject({
      state: 'plugged in',
      drift: ['x NIC ? is plugged in, file says pc NIC 1'],
    });
  });

  test('of a switch that does not run is what the file says', () => {
    const matrix = drawMatrix(nothing);

    expect(matrix).toMatchObject({ vlans: [10, 20], canApply: false, canWrite: true });
    expect(matrix.news).toContain('lan does not run');
    expect(matrix.ports.map(({ live, state }) => [live, state])).toEqual(Array(4).fill([undefined, '']));
  });

  test('of a switch of no lab can only be applied', async () => {
    const { matrix } = await drawn(asInFile(), { lab: undefined, target: { lab: '', name: 'lan', socket: '/s' } });

    expect(matrix).toMatchObject({ canApply: true, canWrite: false });
    expect(matrix.ports.map(port => [port.file, port.plug])).toEqual(Array(4).fill([undefined, undefined]));
  });

  test.each([
    ['of nobody', { lab: undefined }, 'no lab file'],
    ['without a management socket', { of: runningLan({ management: undefined }) }, 'cannot be asked'],
    ['that has not answered', { of: runningLan() }, 'Waiting'],
    ['in a workspace that is not trusted', { of: runningLan(), isTrusted: false }, 'not trusted'],
  ])('says why nothing is seen of one %s', (_, parts, words) => {
    const matrix = drawMatrix({ ...nothing, ...parts });

    expect(matrix.news).toContain(words);
    expect([matrix.canApply, matrix.isWaiting]).toEqual([false, words !== 'cannot be asked']);
  });

  test('is that of the running switch by lab and name, or by its sockets', () => {
    const labs = [snapshotOf(lab, { 'switch lan': running(21) })];
    const [lan, other] = [runningLan(), runningLan({ pid: 9, lab: undefined, socket: '/s' })];

    expect(switchOf(target, labs, [other, lan])).toBe(lan);
    expect(targetFor(lan, labs)).toEqual(target);
    expect(targetFor(other, labs)).toEqual({ lab: '', name: 'lan', socket: '/s' });
    expect(switchOf(targetFor(other, labs), labs, [lan, other])).toBe(other);
    expect(switchOf({ ...target, name: 'dmz' }, labs, [lan, other])).toBeUndefined();
  });

  test('can be picked: the switches of a lab, or all of labs and those of none', () => {
    const labs = [snapshotOf(lab, { 'switch lan': running(21) })];
    const foreign = runningLan({ pid: 9, lab: undefined, socket: '/s', name: 'x' });
    const words = (path?: string) =>
      listMatrices(labs, [runningLan(), foreign], path).map(one => `${one.label}: ${one.description}`);

    expect(words('/labs/dmz.lab.yaml')).toEqual(['lan: running · lab dmz', 'dmz: stopped · lab dmz']);
    expect(words()).toEqual(['lan: running · lab dmz', 'dmz: stopped · lab dmz', 'x: no lab · /s']);
  });
});

describe('what was changed in a matrix', () => {
  const wishes = [
    { number: 2, plug: 'fw NIC 1', untagged: 0, tagged: [10, 30] },
    { number: 3, plug: 'pc NIC 1', untagged: 30, tagged: [] },
  ];

  test('is told to the switch, VLANs first and each once', async () => {
    const { picture } = await drawn(asInFile());

    expect(commandsFor(picture, wishes).map(command => command.line)).toEqual([
      'vlan/create 30',
      'vlan/delport 20 2',
      'vlan/addport 30 2',
      'port/setvlan 3 30',
    ]);
  });

  test('is written at the NICs and wires that have the ports', () => {
    const wire = { number: 31, plug: 'wire lan-dmz', untagged: 5, tagged: [20] };
    const after = applyEdits(text, editsFor(text, 'lan', [...wishes, wire]));

    expect(after).toBe(
      text
        .replace('{ switch: lan, tagged: [10, 20] }', '{ switch: lan, tagged: [10, 30] }')
        .replace('vlan: 10', 'vlan: 30')
        .replace('tagged: [20] }', 'tagged: [20], vlan: 5 }'),
    );
  });

  test('is not written if somebody else has the port by now', () => {
    const other = text.replace('  fw:', '  a: { id: 9, nics: [{ switch: lan }] }\n  fw:');

    expect(() => editsFor(other, 'lan', wishes)).toThrow('now has a NIC 1 at port 2 of switch lan, and had fw NIC 1');
    expect(() => editsFor(text.replace('lan:', 'man:'), 'lan', wishes)).toThrow('no switch lan any more');
  });
});

describe('what runs is adopted into the lab file', () => {
  const drifted = (): FakeVdeSwitch =>
    asInFile().port(3, { vlan: 20 }).port(7, { vlan: 10 }).vlan(20, 31).vlan(30, 2).vlan(40);

  test('as far as a lab file can say it', async () => {
    const { picture } = await drawn(drifted());
    const { edits, left } = adoptionOf(text, picture);

    expect(applyEdits(text, edits)).toBe(
      text
        .replace('vlans: [10, 20]', 'vlans: [10, 20, 40]')
        .replace('{ switch: lan, tagged: [10, 20] }', '{ switch: lan, tagged: [10, 30] }')
        .replace('vlan: 10', 'vlan: 20'),
    );
    expect(left).toEqual(['port 7: untagged 10, file has nobody here and none']);
  });

  test('of one port, and of no other', async () => {
    const { picture } = await drawn(drifted());

    expect(applyEdits(text, adoptionOf(text, picture, 3).edits)).toBe(text.replace('vlan: 10', 'vlan: 20'));
  });

  test('and differs no more, but for what cannot be said', async () => {
    const { picture } = await drawn(drifted());
    const after = readLab(applyEdits(text, adoptionOf(text, picture).edits)).lab!;

    const { picture: again } = await drawn(drifted(), { lab: after });
    expect(again.drift!.map(one => one.words)).toEqual(['untagged 10, file has nobody here and none']);
  });
});
