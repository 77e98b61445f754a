import { readImageHeader } from '../../images/image-header.ts';
import type { Lab } from '../../lab/model.ts';
import type { ImageFiles } from '../image-ports.ts';
import { usedImages } from './lab-images.ts';

/** VMs whose disk has taken the image that it was made from into itself, so that they start without that one. */
export async function vmsWithLoneDisk(
  labPath: string,
  lab: Lab,
  files: Pick<ImageFiles, 'look'>,
): Promise<ReadonlySet<string>> {
  // An overlay lies in the lab's own folder.
  const overlays = usedImages(labPath, lab, { home: '', cache: '' }).filter(({ role }) => role === 'overlay');
  const found = await Promise.all(
    overlays.map(async ({ vm, path }) => {
      const file = await files.look(path);
      const facts = file && readImageHeader(file.head, file.bytes, 'qcow2');
      return facts?.kind === 'qcow2' && !facts.backing ? [vm] : [];
    }),
  );
  return new Set(found.flat());
}
