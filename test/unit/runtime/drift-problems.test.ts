import { describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { driftProblems } from '../../../extension/runtime/switches/drift-problems.ts';
import { FakeVdeSwitch } from '../../support/fake-management.ts';
import { pictureOf } from '../../support/switch-pictures.ts';

const text = `name: dmz
switches: { lan: { vlans: [10] }, dmz: }
vms:
  fw: { id: 1, nics: [{ switch: lan, tagged: [10, 20] }] }
  pc: { id: 2, nics: [{ switch: lan, vlan: 10 }] }
  pd: { id: 3, nics: [{ switch: lan }] }
wires: [{ between: [lan, dmz], tagged: [20] }]
`;
const lab = readLab(text).lab!;

async function found(one: FakeVdeSwitch) {
  const problems = driftProblems(lab, await pictureOf(one, [], lab));
  return problems.map(({ span, code, port, isAdoptable }) => [
    text.slice(span.start, span.end),
    code,
    port,
    isAdoptable,
  ]);
}

const asInFile = (): FakeVdeSwitch =>
  new FakeVdeSwitch().port(1).port(2, { vlan: 10 }).port(3).port(31).vlan(10, 1).vlan(20, 1, 31);

describe('drift is a problem of the lab file', () => {
  test('of none while it runs as the file says', async () => {
    expect(await found(asInFile())).toEqual([]);
  });

  test('at the VLANs that are meant, else at the NIC, wire or switch', async () => {
    const one = asInFile().port(2, { vlan: 20 }).port(3, { vlan: 10 }).port(7, { vlan: 10 }).vlan(20).vlan(30);

    expect(await found(one)).toEqual([
      ['[10, 20]', 'vlan-drift', 1, true],
      ['10', 'vlan-drift', 2, true],
      ['{ switch: lan }', 'vlan-drift', 3, true],
      ['[20]', 'vlan-drift', 31, true],
      ['lan', 'vlan-drift', 7, false],
      ['lan', 'vlan-drift', undefined, true],
    ]);
  });

  test('at the switch that a NIC names, if somebody else is plugged in there', async () => {
    const one = asInFile().port(3, { endpoints: ['vdeplug: user=u pid=6'] });

    expect(await found(one)).toEqual([['lan', 'switch-drift', 3, false]]);
  });

  test('says what runs, and what can be done', async () => {
    const one = Object.assign(asInFile().port(2, { vlan: 20 }), { hasStp: true });
    const messages = driftProblems(lab, await pictureOf(one, [], lab)).map(problem => problem.message);

    expect(messages).toEqual([
      'Switch lan runs otherwise: spanning tree on, file says off. Apply the lab file.',
      'Port 2 of switch lan runs otherwise (pc NIC 1): untagged 20, file says 10. Apply the lab file, or adopt what runs.',
    ]);
  });
});
