import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lab } from '../../../extension/lab/model.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { difference, edited } from '../../support/edited-lab.ts';
import { randomLab } from '../../support/lab-generator.ts';

function labOf(text: string): Lab {
  const { lab } = readLab(text);
  if (!lab) throw new Error('no lab');
  return lab;
}

/** What the reader makes of a lab but places, and what follows from names and order. */
function essence({ vms, switches, wires, groups }: Lab) {
  return {
    vms: vms.map(({ name, id, nics }) => [name, id, nics.map(nic => [nic.switch, nic.vlan, nic.tagged])]),
    switches: switches.map(({ name }) => name),
    wires: wires.map(({ ends, tagged }) => [ends.map(end => end.switch), tagged]),
    groups: groups.map(({ name, vms: members }) => [name, members]),
  };
}

describe('an edit of any lab', () => {
  const comment = '# a comment that has to stay';
  const labWithNic = randomLab.filter(({ text }) => (readLab(text).lab?.vms ?? []).some(vm => vm.nics.length > 0));

  test('a NIC moves within its lines, and no other thing of the lab changes', () => {
    fc.assert(
      fc.property(labWithNic, fc.nat(), fc.nat(), ({ text, switches }, pick, to) => {
        const before = labOf(text);
        const nics = before.vms.flatMap(vm => vm.nics.map(nic => ({ vm: vm.name, nic: nic.number })));
        const target = nics[pick % nics.length] ?? { vm: '', nic: 0 };
        const name = switches[to % switches.length] ?? '';

        const after = edited(text, { kind: 'moveNic', ...target, switch: name });

        const wanted = before.vms.map(vm => ({
          ...vm,
          nics: vm.nics.map(nic =>
            vm.name === target.vm && nic.number === target.nic ? { ...nic, switch: name } : nic,
          ),
        }));
        expect(essence(labOf(after))).toEqual(essence({ ...before, vms: wanted }));
        expect(difference(text, after).filter(line => line.startsWith('+')).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('what comes and goes again leaves every byte as it was', () => {
    fc.assert(
      fc.property(randomLab, ({ text, vms, switches }) => {
        const lab = text.startsWith('{') ? text : `${comment}\n${text}${comment}\n`;
        const [name = ''] = switches;
        const withVm = edited(lab, { kind: 'addVm', name: 'fresh', id: 9999, switches: [name] });
        if (vms.length > 0)
          expect(edited(withVm, { kind: 'remove', things: [{ kind: 'vm', name: 'fresh' }] })).toBe(lab);
        const pinned = edited(lab, { kind: 'pin', pins: new Map([[name, { column: 1, row: 2 }]]) });
        expect(edited(pinned, { kind: 'pin', pins: new Map([[name, undefined]]) })).toBe(lab);
        const renamed = edited(lab, { kind: 'rename', thing: 'switch', from: name, to: 'Zz' });
        expect(essence(labOf(edited(renamed, { kind: 'rename', thing: 'switch', from: 'Zz', to: name })))).toEqual(
          essence(labOf(lab)),
        );
      }),
    );
  });

  test('a switch goes with all that hangs on it, and comments stay', () => {
    fc.assert(
      fc.property(randomLab, ({ text, switches }) => {
        const lab = text.startsWith('{') ? text : text.replaceAll('\n', `\n  ${comment}\n`);
        const [name = ''] = switches;

        const after = edited(lab, { kind: 'remove', things: [{ kind: 'switch', name }] });

        const { vms, switches: left, wires } = essence(labOf(after));
        // A VM may have the same name.
        const inside = vms.map(([, ...rest]) => rest);
        expect(JSON.stringify([inside, left, wires.map(([ends]) => ends)])).not.toContain(JSON.stringify(name));
        expect(after.split(comment).length).toBe(lab.split(comment).length);
      }),
    );
  });
});
