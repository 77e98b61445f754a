import { UserError } from '../../base/user-error.ts';
import { readVolume, type VolumeContent } from '../../images/fat/read.ts';
import { findVolume, readStickVolume, startBytes, type StickVolume } from '../../images/stick.ts';
import type { OpenStick } from '../stick-ports.ts';

export async function volumeOf(stick: OpenStick): Promise<StickVolume> {
  const place = findVolume(await stick.read(0, startBytes), stick.bytes);
  return readStickVolume(await stick.read(place.offset, startBytes), place);
}

/** Everything on a stick with FAT. `path`: for messages. */
export async function contentOf(
  stick: OpenStick,
  path: string,
): Promise<VolumeContent & { readonly volume: StickVolume }> {
  const volume = await volumeOf(stick);
  const { geometry, offset, fileSystem } = volume;
  if (!geometry) {
    const what = fileSystem === undefined ? 'no file system that is known here' : `the file system ${fileSystem}`;
    throw new UserError(`${path} has ${what}, and only FAT can be read here. Plug it into a VM that can read it.`);
  }
  const content = await readVolume(geometry, (at, length) => stick.read(offset + at, length));
  return { ...content, isClean: content.isClean && volume.isClean !== false, volume };
}

/** What is wrong with a stick, in sentences; none: nothing, or it has no FAT and does not tell. */
export async function faultsOf(stick: OpenStick, path: string): Promise<readonly string[]> {
  const volume = await volumeOf(stick);
  const content = volume.geometry ? await contentOf(stick, path) : { isClean: volume.isClean !== false, problems: [] };
  const unclean = 'It was not unmounted: what was not written by then is missing.';
  return [...(content.isClean ? [] : [unclean]), ...content.problems];
}
