import { describe, expect, test } from 'vitest';
import { killQuestion } from '../../../extension/runtime/vms/kill-question.ts';
import type { ThingRef } from '../../../extension/runtime/state.ts';
import { group, lab, running, snapshotOf, vm } from '../../support/lab-builder.ts';

const disk = (file: string) => ({ file, format: 'qcow2', size: undefined }) as const;
const dmz = lab({
  vms: [vm('fw', 31, { disks: [disk('images/fw.qcow2')] }), vm('pc', 32), vm('lan', 33)],
  groups: [group('office', ['pc', 'lan'])],
});
const labs = [snapshotOf(dmz, { fw: running(), pc: running() })];
const thing = (kind: ThingRef['kind'], name: string): ThingRef => ({ lab: '/labs/dmz.lab.yaml', kind, name });

describe('before a kill', () => {
  test('it is asked about a VM, with its disks', () => {
    expect(killQuestion([thing('vm', 'fw')], labs)).toEqual({
      question: 'Kill VM fw?',
      detail:
        'Its power goes off at once; its guest is not told. Whatever is not yet written to disk is lost, and what is just ' +
        'being written may be damaged (images/fw.qcow2). Stop presses the power button instead, and lets guests shut down.',
    });
  });

  test('it is asked about all VMs of a lab that run, each once', () => {
    const asked = killQuestion([thing('lab', 'dmz'), thing('vm', 'fw'), thing('group', 'office')], labs);

    expect(asked?.question).toBe('Kill 2 VMs: fw, pc?');
  });

  test('a VM without disks has only its memory to lose', () => {
    expect(killQuestion([thing('vm', 'pc')], labs)?.detail).toContain(
      'Whatever is in memory is lost; there are no disks.',
    );
  });

  test('many disks are not all named', () => {
    const disks = Array.from({ length: 9 }, (_, number) => disk(`d${number}.qcow2`));
    const many = [snapshotOf(lab({ vms: [vm('fw', 31, { disks })] }), { fw: running() })];

    expect(killQuestion([thing('vm', 'fw')], many)?.detail).toContain('d4.qcow2, …)');
  });

  test.each([
    ['a switch, even if a VM has its name', thing('switch', 'fw')],
    ['a VM that does not run', thing('vm', 'lan')],
    ['a group of which nothing runs', thing('group', 'none')],
  ])('nothing is asked about %s', (_, one) => {
    expect(killQuestion([one], labs)).toBeUndefined();
  });
});
