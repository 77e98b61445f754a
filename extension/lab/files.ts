import type { Lab, Pxe } from './model.ts';
import { shown } from './names.ts';
import type { Problem } from './problem.ts';
import { valueSpan } from './reading/spans.ts';
import type { TextSpan } from './text-span.ts';

/** A file that has to be there before a VM can start. */
export interface NeededFile {
  readonly vm: string;
  /** Where it has to be. Absent: on this host. */
  readonly host?: string;
  readonly kind: 'image' | 'disk' | 'cdrom' | 'stick' | 'kernel' | 'initrd';
  /** As in the lab file: a relative one starts at its folder. */
  readonly path: string;
  /** A disk with a size is made when it is missing. */
  readonly canBeMade: boolean;
  readonly span: TextSpan;
}

/** In the order of the file. The tiny guest's own files are not among them. */
export function neededFiles(lab: Lab): readonly NeededFile[] {
  return lab.vms.flatMap(vm => {
    const place = vm.image?.source?.place;
    const image: readonly NeededFile[] =
      place?.kind === 'file'
        ? [{ vm: vm.name, kind: 'image', path: place.path, canBeMade: false, span: valueSpan(vm, 'image') }]
        : [];
    const disks = vm.disks.map(({ file, size }, index): NeededFile => ({
      vm: vm.name,
      kind: 'disk',
      path: file,
      canBeMade: size !== undefined,
      span: valueSpan(vm, 'disks', index),
    }));
    const sticks = (vm.sticks ?? []).map((path, index): NeededFile => ({
      ...{ vm: vm.name, kind: 'stick', path, canBeMade: false },
      span: valueSpan(vm, 'sticks', index),
    }));
    const others = (['cdrom', 'kernel', 'initrd'] as const).flatMap((kind): readonly NeededFile[] => {
      const path = vm[kind];
      return path === undefined ? [] : [{ vm: vm.name, kind, path, canBeMade: false, span: valueSpan(vm, kind) }];
    });
    const { host } = vm;
    const all = [...image, ...disks, ...sticks, ...others];
    return host === undefined ? all : all.map(file => ({ ...file, host }));
  });
}

/**
 * Says which files of this host are missing. Whoever calls it knows the folder of the lab file and can look. `lone`: VMs
 * whose disks need no image any more.
 */
export function checkFiles(
  lab: Lab,
  isThere: (path: string) => boolean,
  lone: ReadonlySet<string> = new Set(),
): Problem[] {
  // A file that a template or a row names is missing once, however many VMs need it.
  const missing = new Map(
    neededFiles(lab)
      .filter(file => file.host === undefined && !file.canBeMade && !isThere(file.path))
      .filter(({ kind, vm }) => kind !== 'image' || !lone.has(vm))
      .reverse()
      .map(file => [JSON.stringify([file.path, file.span.file, file.span.start]), file]),
  );
  return [...missing.values()].reverse().map(({ kind, path, span, vm }) => {
    const hint = hints[kind] ?? '';
    const message = `The ${kind} of VM ${shown(vm)} is not there: ${shown(path)}. Put it there or correct the path${hint}.`;
    return { code: 'image-missing', severity: 'error', message, span };
  });
}

const hints: Partial<Record<NeededFile['kind'], string>> = {
  disk: ', or give it a size to have it made: { file: …, size: 4G }',
  stick: ', or make it: kvmlab kvmstick pack',
};

/** What switches hand out to VMs that boot over the network: a folder, and the file in it that is booted. */
export const bootFiles = (lab: Lab): readonly string[] =>
  lab.switches.flatMap(({ slirp }) => (slirp?.pxe ? [slirp.pxe.root, bootFile(slirp.pxe)] : []));

/** Those folders, as the lab file names them. */
export const bootFolders = (lab: Lab): readonly string[] =>
  lab.switches.flatMap(({ slirp }) => (slirp?.pxe ? [slirp.pxe.root] : []));

const bootFile = ({ root, file }: Pxe): string => `${root.replace(/\/+$/, '')}/${file}`;

/** Says which of these are missing. */
export function checkBootFiles(lab: Lab, isThere: (path: string) => boolean): readonly Problem[] {
  return lab.switches.flatMap((one): readonly Problem[] => {
    const pxe = one.slirp?.pxe;
    if (!pxe) return [];
    const missing = (what: string, path: string, span: TextSpan): readonly Problem[] => {
      const message = `${what} that VMs boot from on switch ${shown(one.name)} is not there: ${shown(path)}. Put it beside the lab file or correct the path.`;
      return [{ code: 'boot-file-missing', severity: 'error', message, span }];
    };
    if (!isThere(pxe.root)) return missing('The folder', pxe.root, valueSpan(one, 'root'));
    return isThere(bootFile(pxe)) ? [] : missing('The file', bootFile(pxe), valueSpan(one, 'file'));
  });
}

/** A path of a lab file made absolute, by the rule of the scripts: `~/` is the home folder, else it starts at `folder`. */
export function resolvePath(path: string, folder: string, home: string): string {
  if (path.startsWith('/')) return path;
  return path.startsWith('~/') ? `${home}/${path.slice(2)}` : `${folder}/${path}`;
}
