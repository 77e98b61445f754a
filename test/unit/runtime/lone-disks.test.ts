import { expect, test } from 'vitest';
import { checkFiles } from '../../../extension/lab/files.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { vmsWithLoneDisk } from '../../../extension/runtime/images/lone-disks.ts';
import { FakeImages, qcow2Header } from '../../support/fake-images.ts';

const lab = readLab(`name: dmz
switches: {}
vms:
  alone: { id: 1, image: base.qcow2 }
  over: { id: 2, image: base.qcow2 }
  new: { id: 3, image: base.qcow2 }
`).lab!;

test('a VM whose disk lies over no image needs none; the others do', async () => {
  const images = new FakeImages();
  images.add('/lab/dmz/disks/alone.qcow2', qcow2Header());
  images.add('/lab/dmz/disks/over.qcow2', qcow2Header({ backing: '../../base.qcow2', backingFormat: 'qcow2' }));

  const lone = await vmsWithLoneDisk('/lab/dmz.lab.yaml', lab, images);

  expect([...lone]).toEqual(['alone']);
  expect(checkFiles(lab, () => false, lone).map(({ message }) => message)).toEqual([
    expect.stringContaining('The image of VM over is not there'),
    expect.stringContaining('The image of VM new is not there'),
  ]);
});
