import { expect, test } from 'vitest';
import { readLab } from '../../../../extension/lab/reading/reader.ts';
import { restoreQuestion } from '../../../../extension/runtime/snapshots/restore-question.ts';
import type { SavedVm, SnapshotPoint } from '../../../../extension/runtime/snapshots/snapshot-point.ts';

const lab = readLab('name: dmz\nswitches: { lan: {}, inet: { slirp: true } }\nvms: {}\n').lab!;
const memory = { bytes: 1, sha256: 'ab' };
const vm = (name: string, parts: Partial<SavedVm> = {}): SavedVm => ({
  ...{ name, state: 'stopped', memory: undefined, command: [], disks: [] },
  ...parts,
});
const point = (parts: Partial<SnapshotPoint>): SnapshotPoint => ({
  ...{ name: 'then', note: '', takenMs: 0, parent: undefined, qemu: undefined, vms: [], switches: [], wires: [] },
  files: [{ name: 'dmz.lab.yaml', text: 'vms: {}\n' }],
  ...parts,
});

test('before a restore it is said what ends, what gets lost and what comes back', () => {
  const vms = [
    vm('fw', { memory, disks: [{ file: 'fw.qcow2', allocatedBytes: 1 }] }),
    vm('pc', { memory }),
    vm('web', { state: 'stopped' }),
  ];

  expect(
    restoreQuestion({
      ...{ lab, point: point({ vms, switches: [{ name: 'lan', ports: [] }] }) },
      ...{ running: ['fw', 'web'], changed: ['dmz.lab.yaml'] },
    }),
  ).toEqual({
    question: 'Restore snapshot then of lab dmz?',
    detail: [
      'fw, web end at once; their guests are not told.',
      'What was written on disks since then is lost, if no other snapshot has it.',
      'dmz.lab.yaml changed since then. The text of then comes back; the present one is kept as dmz.lab.yaml.before-then.',
      'fw, pc go on from then.',
    ].join('\n'),
    button: 'Restore with Lab Files',
  });
});

test('nothing is said of what does not happen', () => {
  expect(restoreQuestion({ lab, point: point({}), running: [], changed: [] })).toMatchObject({
    detail: 'No VM ran then.',
    button: 'Restore',
  });
});

test('connections to the outside are named, as no snapshot keeps them', () => {
  const { detail } = restoreQuestion({
    ...{ lab, running: ['pc'], changed: [] },
    point: point({ vms: [vm('pc', { memory })], switches: [{ name: 'inet', ports: [] }] }),
  });

  expect(detail).toMatch(/^pc ends at once; its guest is not told\.\npc goes on from then\.\nConnections .* inet/);
});
