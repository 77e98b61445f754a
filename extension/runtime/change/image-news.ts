import { resolvePath } from '../../lab/files.ts';
import { vmScript } from '../../lab/layout.ts';
import type { Lab, Vm } from '../../lab/model.ts';
import type { Files, ProcessFiles } from '../host.ts';
import type { ImageFiles } from '../image-ports.ts';
import { readChain } from '../images/image-chain.ts';
import { usedImages, type ImagePlaces } from '../images/lab-images.ts';
import { isSeedOf, markBytes } from '../images/seed-writer.ts';
import { baseName, folderOf } from '../paths.ts';
import type { HandEdits } from './hand-edits.ts';
import type { LiveVm } from './live-lab.ts';

/** What files tell of running VMs and their command lines do not. */
export interface ImageNews {
  /** VMs whose cloud-init has read something else than the lab says now. */
  readonly oldSeeds: ReadonlySet<string>;
  readonly remarks: readonly string[];
}

export interface ImageNewsParts {
  readonly files: Pick<Files, 'readTail'>;
  readonly processes: ProcessFiles;
  readonly images: { readonly files: Pick<ImageFiles, 'look'>; readonly places: ImagePlaces };
}

/** Looks at seeds and overlays of the VMs that run; those whose scripts name others by hand are the user's own. */
export async function readImageNews(
  { path, lab }: { readonly path: string; readonly lab: Lab },
  running: readonly Pick<LiveVm, 'name' | 'pid'>[],
  hand: HandEdits,
  parts: ImageNewsParts,
): Promise<ImageNews> {
  const oldSeeds = new Set<string>();
  const remarks: string[] = [];
  for (const { name, pid } of running) {
    const vm = lab.vms.find(one => one.name === name);
    const own = hand.settings.get(vmScript(name));
    if (!vm) continue;
    if (own?.has('SEED') !== true && (await isSeedOld(vm, pid, path, parts))) oldSeeds.add(name);
    const remark = own?.has('OVERLAY') || own?.has('IMAGE') ? undefined : await overlayRemark(vm, { path, lab }, parts);
    if (remark !== undefined) remarks.push(remark);
  }
  return { oldSeeds, remarks };
}

async function isSeedOld(vm: Vm, pid: number, labPath: string, { files, processes, images }: ImageNewsParts) {
  if (!vm.cloudInit) return false;
  const path = resolvePath(vm.cloudInit.seed, folderOf(labPath), images.places.home);
  const end = await files.readTail(path, markBytes);
  // Who has been written since is not what the VM has open.
  return end === undefined || !isSeedOf(end, vm, vm.cloudInit) || processes.hasReplaced(pid, baseName(path));
}

/** An overlay keeps to the image that it was made from, also when its VM is started again. */
async function overlayRemark(
  vm: Vm,
  { path, lab }: { readonly path: string; readonly lab: Lab },
  { images }: ImageNewsParts,
): Promise<string | undefined> {
  const used = usedImages(path, { ...lab, vms: [vm] }, images.places);
  const image = used.find(one => one.role === 'image');
  const overlay = used.find(one => one.role === 'overlay');
  if (!image || !overlay) return undefined;
  const { links, missing } = await readChain(overlay.path, overlay.format, images.files);
  const under = links.length === 1 ? missing : links[1]?.path;
  if (links.length === 0 || under === undefined || under === image.path) return undefined;
  return (
    `${vm.name} goes on with its disk ${baseName(overlay.path)}, made from ${baseName(under)} and not from ` +
    `${baseName(image.path)} as the lab says, also after a restart. To begin anew, stop ${vm.name} and remove ${overlay.path}.`
  );
}
