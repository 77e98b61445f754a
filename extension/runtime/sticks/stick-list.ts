import { resolvePath } from '../../lab/files.ts';
import type { Lab } from '../../lab/model.ts';
import { baseName, folderOf } from '../paths.ts';
import type { StickFiles } from '../stick-ports.ts';
import type { PluggedStick } from './stick-actions.ts';
import { volumeOf } from './stick-reader.ts';

/** A stick for people and programs. */
export interface StickRow {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** What it takes on the disk of the host. */
  readonly allocatedBytes: number;
  /** `FAT32`, `ext4`; null: nothing that is known. */
  readonly fileSystem: string | null;
  /** The running VM that it is in. */
  readonly lab: string | null;
  readonly vm: string | null;
  /** The guest has it mounted. */
  readonly isMounted: boolean;
  /** False: it was not unmounted before it was pulled out. Null: it does not tell, or is in a VM. */
  readonly isClean: boolean | null;
}

/** The folder beside a lab file where sticks lie. */
export const stickFolder = (labFolder: string): string => `${labFolder}/sticks`;

/** As people call it in a command: `tools` is `sticks/tools.img` beside the lab file, anything with a slash or dot a path. */
export const stickPath = (text: string, labFolder: string): string => {
  if (text.startsWith('/')) return text;
  return /[/.]/.test(text) ? `${labFolder}/${text}` : `${stickFolder(labFolder)}/${text}.img`;
};

/** What a row or question calls it: its name, and its folder unless that is the usual one. */
export const stickLabel = (path: string): string => {
  const isUsual = baseName(folderOf(path)) === 'sticks';
  return isUsual ? baseName(path) : path;
};

interface StickPlaces {
  /** Where every image is a stick. */
  readonly folders: readonly string[];
  /** Sticks that lie elsewhere. */
  readonly more: readonly string[];
}

/** Where the sticks of labs are: beside the lab files, and where those name some. `home`: what `~` stands for. */
export const placesOf = (
  labs: readonly { readonly path: string; readonly lab: Lab | undefined }[],
  home: string,
): StickPlaces => ({
  folders: [...new Set(labs.map(({ path }) => stickFolder(folderOf(path))))],
  more: labs.flatMap(({ path, lab }) =>
    (lab?.vms ?? []).flatMap(vm => (vm.sticks ?? []).map(file => resolvePath(file, folderOf(path), home))),
  ),
});

/** All of these and those that are plugged in, each once, by path. */
export async function listSticks(
  { folders, more }: StickPlaces,
  plugged: readonly PluggedStick[],
  files: StickFiles,
): Promise<readonly StickRow[]> {
  const lists = await Promise.all(
    folders.map(async folder =>
      (await files.names(folder)).filter(name => /\.(img|raw)$/.test(name)).map(name => `${folder}/${name}`),
    ),
  );
  const paths = await Promise.all([...lists.flat(), ...more].map(path => files.real(path)));
  const all = [...new Set([...paths, ...plugged.map(({ real }) => real)])].sort();
  const rows = await Promise.all(all.map(path => rowOf(path, plugged, files)));
  return rows.filter(row => row !== undefined);
}

async function rowOf(path: string, plugged: readonly PluggedStick[], files: StickFiles): Promise<StickRow | undefined> {
  const stick = await files.open(path).catch(() => undefined);
  if (!stick) return undefined;
  try {
    const { bytes, allocatedBytes } = stick;
    const { fileSystem, isClean } = await volumeOf(stick);
    const at = plugged.find(({ real }) => real === path);
    return {
      ...{ path, bytes, allocatedBytes, fileSystem: fileSystem ?? null },
      ...{ lab: at?.vm.lab ?? null, vm: at?.vm.name ?? null, isMounted: at?.isLocked ?? false },
      isClean: at ? null : (isClean ?? null),
    };
  } finally {
    await stick.close();
  }
}
