import { describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import {
  freeIds,
  labNameProblem,
  mostNetworks,
  mostVmsPerNetwork,
  newLabText,
  vmCount,
  type LabPlan,
} from '../../../extension/runtime/new-lab.ts';

const plan = (parts: Partial<LabPlan> = {}): LabPlan => ({
  name: 'my',
  networks: 2,
  vmsPerNetwork: 2,
  hasRouter: true,
  hasUplink: true,
  ...parts,
});
const read = (one: LabPlan) => readLab(newLabText(one, freeIds([], vmCount(one))), { fileName: 'my.lab.yaml' });

describe('a new lab', () => {
  test('has no problems, whatever is answered', () => {
    for (const networks of [1, 2, mostNetworks])
      for (const vmsPerNetwork of [1, mostVmsPerNetwork])
        for (const hasRouter of [false, networks > 1])
          for (const hasUplink of [false, true])
            expect(read(plan({ networks, vmsPerNetwork, hasRouter, hasUplink })).problems).toEqual([]);
  });

  test('gives the IDs in order, the router first', () => {
    const { lab } = readLab(newLabText(plan(), [7, 8, 10, 11, 12]));

    expect(lab?.vms.map(vm => [vm.name, vm.id])).toEqual([
      ['router', 7],
      ['lan1-vm1', 8],
      ['lan1-vm2', 10],
      ['lan2-vm1', 11],
      ['lan2-vm2', 12],
    ]);
  });

  test('lets only the router out, if there is one', () => {
    const { lab } = read(plan());

    expect(lab?.vms.filter(vm => vm.nics.some(nic => nic.switch === 'inet')).map(vm => vm.name)).toEqual(['router']);
  });

  test('takes the lowest IDs that are free', () => {
    expect(freeIds([1, 3], 3)).toEqual([2, 4, 5]);
  });

  test('has fewer IDs than wanted if there are not enough', () => {
    expect(
      freeIds(
        Array.from({ length: 9998 }, (_, index) => index + 1),
        3,
      ),
    ).toEqual([9999]);
  });

  test.each([
    ['', 'A lab needs a name.'],
    ['-x', 'Letters, digits, "_", "-" and "." only; the first one a letter, digit or "_".'],
    ['a b', 'Letters, digits, "_", "-" and "." only; the first one a letter, digit or "_".'],
    ['a'.repeat(41), 'At most 40 characters.'],
    ['my-lab.2', undefined],
  ])('named %j: %s', (name, problem) => {
    expect(labNameProblem(name)).toBe(problem);
  });
});
