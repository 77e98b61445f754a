import { UserError } from '../../base/user-error.ts';
import { encodeUtf8 } from '../../console/utf8.ts';
import { metaData, seedTexts } from '../../images/cloud-init.ts';
import { writeIso } from '../../images/iso9660.ts';
import { resolvePath } from '../../lab/files.ts';
import type { CloudInit, Lab, Vm } from '../../lab/model.ts';
import { checksum } from '../../script/checksum.ts';
import type { Files } from '../host.ts';
import { folderOf } from '../paths.ts';

/** The last bytes of a seed of ours: that it is one, and of what. */
const markOf = (sum: string): string => `\nKVM Lab seed ${sum}\n`;
const anyMark = /\nKVM Lab seed (\w+)\n$/;
/** What the mark in the last bytes of a seed says of its content. Undefined: it is none of ours. */
export const seedSumAt = (end: string): string | undefined => anyMark.exec(end)?.[1];
export const markBytes = 64;

/** Writes what cloud-init reads for each VM that has it; one that is there and up to date is left alone. */
export async function writeSeeds(files: Files, labPath: string, lab: Lab): Promise<void> {
  for (const vm of lab.vms) if (vm.cloudInit) await writeSeed(files, labPath, lab, vm, vm.cloudInit);
}

async function writeSeed(files: Files, labPath: string, lab: Lab, vm: Vm, cloudInit: CloudInit): Promise<void> {
  const path = resolvePath(cloudInit.seed, folderOf(labPath), '');
  const sum = seedSum(vm, cloudInit);
  const end = await files.readTail(path, markBytes);
  if (end !== undefined && !anyMark.test(end))
    throw new UserError(`${path} is a file of another origin where the seed of VM ${vm.name} has to go. Move it away.`);
  if (end !== undefined && isSeedOf(end, vm, cloudInit)) return;
  // It may hold a password.
  await files.write(path, seedImage(lab, vm, cloudInit, sum), 0o600);
}

/** Whether a seed that ends like this has what the lab says. */
export const isSeedOf = (end: string, vm: Vm, cloudInit: CloudInit): boolean =>
  end.endsWith(markOf(seedSum(vm, cloudInit)));

function seedSum(vm: Vm, cloudInit: CloudInit): string {
  const texts = seedTexts(vm, cloudInit);
  return checksum(texts['user-data'], texts['network-config'], metaData(vm, cloudInit, ''));
}

/** The volume; other content has another instance, so that a guest takes over what has changed in the lab. */
function seedImage(lab: Lab, vm: Vm, cloudInit: CloudInit, sum: string): Uint8Array {
  const texts = { ...seedTexts(vm, cloudInit), 'meta-data': metaData(vm, cloudInit, `${lab.name}-${vm.name}-${sum}`) };
  const encoded = Object.entries(texts).map(([name, text]) => ({ name, content: encodeUtf8(text) }));
  const volume = writeIso('CIDATA', encoded);
  // Behind the volume, in a sector of its own: no reader of it looks there.
  const image = new Uint8Array(volume.length + 2048);
  image.set(volume);
  const mark = encodeUtf8(markOf(sum));
  image.set(mark, image.length - mark.length);
  return image;
}
