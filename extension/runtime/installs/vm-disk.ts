import { UserError } from '../../base/user-error.ts';
import type { ImageFormat } from '../../images/image-header.ts';
import { resolvePath } from '../../lab/files.ts';
import type { Lab, Vm } from '../../lab/model.ts';
import { vmInstalled } from '../../lab/layout.ts';
import { folderOf } from '../paths.ts';

/** A VM of a lab. */
export interface VmPlace {
  /** Absolute path of the lab file. */
  readonly labPath: string;
  readonly lab: Lab;
  readonly vm: Vm;
}

/** The first disk of a VM, onto which it is installed. Paths are absolute. */
export interface VmDisk {
  readonly path: string;
  readonly format: ImageFormat;
  /** What it gets if it is made. */
  readonly size: string | undefined;
  /** The setting of the VM's script that names it. */
  readonly setting: string;
  /** The script itself makes it, over an image. */
  readonly isOverlay: boolean;
}

/** Throws a UserError if there is none onto which something could be installed. */
export function installDisk({ labPath, vm }: VmPlace, home: string): VmDisk {
  const absolute = (path: string): string => resolvePath(path, folderOf(labPath), home);
  if (vm.image?.source) {
    const path = absolute(vm.image.overlay);
    return { path, format: 'qcow2', size: undefined, setting: 'OVERLAY', isOverlay: true };
  }
  const [disk] = vm.disks;
  if (!disk)
    throw new UserError(`${vm.name} has no disk to be installed on. Give it one: disks: { file: …, size: 4G }`);
  const path = absolute(disk.file);
  if (disk.format !== 'qcow2')
    throw new UserError(
      `${path} is a raw image, and nothing can be taken back on it. Let ${vm.name} have a qcow2 image, such as X.qcow2.`,
    );
  return { path, format: disk.format, size: disk.size, setting: 'DISK1', isOverlay: false };
}

/** Beside it the VM writes while it is installed; in the same folder, so that it can take its place. */
export const stagePath = ({ path }: VmDisk): string => `${path}.installing`;

export const recordPath = ({ labPath, lab, vm }: VmPlace): string =>
  `${folderOf(labPath)}/${vmInstalled(lab.name, vm.name)}`;
