import { beforeEach, expect, test } from 'vitest';
import type { HandEdits } from '../../../extension/runtime/change/hand-edits.ts';
import { readImageNews } from '../../../extension/runtime/change/image-news.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { writeSeeds } from '../../../extension/runtime/images/seed-writer.ts';
import { FakeFiles } from '../../support/fake-files.ts';
import { FakeImages, qcow2Header } from '../../support/fake-images.ts';
import { FakeProcesses } from '../../support/fake-processes.ts';

const path = '/x/dmz.lab.yaml';
const text = (user: string): string => `images: { base: { file: base.qcow2 } }
vms:
  web: { id: 31, image: base, cloud-init: { user: ${user} } }
  pc: { id: 32 }
`;
const labOf = (user = 'me') => readLab(text(user), { fileName: 'dmz.lab.yaml' }).lab!;
const web = labOf().vms[0]!;
const overlay = `/x/${web.image!.overlay}`;
const running = [
  { name: 'web', pid: 7 },
  { name: 'pc', pid: 8 },
];

let files: FakeFiles;
let images: FakeImages;
let processes: FakeProcesses;
beforeEach(async () => {
  files = new FakeFiles();
  images = new FakeImages();
  processes = new FakeProcesses();
  await writeSeeds(files, path, labOf());
  images.add('/x/base.qcow2', qcow2Header());
  images.add('/x/other.qcow2', qcow2Header());
  images.add(overlay, qcow2Header({ backing: '/x/base.qcow2', backingFormat: 'qcow2' }));
});

const look = (lab = labOf(), own: Readonly<Record<string, string>> = {}) => {
  const hand: HandEdits = {
    settings: new Map([['web.sh', new Map(Object.entries(own))]]),
    code: new Set(),
    remarks: [],
  };
  const parts = { files, processes, images: { files: images, places: { home: '/home/me', cache: '/cache' } } };
  return readImageNews({ path, lab }, running, hand, parts);
};

test('of VMs that run as the lab says there is no news', async () => {
  expect(await look()).toEqual({ oldSeeds: new Set(), remarks: [] });
});

test('a seed is old when the lab says something else, and when it was written under the VM that reads it', async () => {
  expect((await look(labOf('you'))).oldSeeds).toEqual(new Set(['web']));

  await writeSeeds(files, path, labOf('you'));
  expect((await look(labOf('you'))).oldSeeds).toEqual(new Set());
  processes.replaced.add(web.cloudInit!.seed.split('/').at(-1)!);
  expect((await look(labOf('you'))).oldSeeds).toEqual(new Set(['web']));
  expect((await look(labOf('you'), { SEED: '/my/seed.iso' })).oldSeeds).toEqual(new Set());
});

test.each(['/x/other.qcow2', '/x/gone.qcow2'])('an overlay of another image, %s, is told', async other => {
  images.add(overlay, qcow2Header({ backing: other, backingFormat: 'qcow2' }));

  const { remarks } = await look();

  expect(remarks).toEqual([
    `web goes on with its disk ${overlay.split('/').at(-1)}, made from ${other.split('/').at(-1)} and not from ` +
      `base.qcow2 as the lab says, also after a restart. To begin anew, stop web and remove ${overlay}.`,
  ]);
  expect((await look(labOf(), { IMAGE: other })).remarks).toEqual([]);
});

test('an overlay that stands alone, or is not there yet, is left alone', async () => {
  images.add(overlay, qcow2Header());
  expect((await look()).remarks).toEqual([]);

  await images.remove(overlay);
  expect((await look()).remarks).toEqual([]);
});
