import { asciiText } from './ascii.ts';

/** A kernel module as it goes into the guest. */
export interface ModuleImage {
  /** With `_` for every `-`, as the kernel names it. */
  readonly name: string;
  /** The uncompressed .ko file. */
  readonly bytes: Uint8Array;
}

export interface PlannedModule extends ModuleImage {
  /** Names of the modules that have to be there first, in the order to load them. */
  readonly needs: readonly string[];
  /** Patterns by which the kernel and modprobe ask for it: `pci:v00001AF4…`, `rtnl-link-vlan`. */
  readonly aliases: readonly string[];
}

/** `kernel/net/8021q/8021q.ko.xz` → `8021q`; undefined if it is no module file. */
export function moduleName(path: string): string | undefined {
  return /([^/]+)\.ko(?:\.xz)?$/.exec(path)?.[1]?.replaceAll('-', '_');
}

/**
 * The wanted modules and all that they need, each after what it needs. A module that cannot be loaded (built into
 * the kernel, or not made for it) is left out: only the one who loads knows which of the two it is.
 */
export async function planModules(
  wanted: readonly string[],
  load: (name: string) => Promise<ModuleImage | undefined>,
): Promise<readonly PlannedModule[]> {
  const planned = new Map<string, PlannedModule>();
  const begun = new Set<string>();
  const plan = async (name: string): Promise<void> => {
    if (begun.has(name)) return;
    begun.add(name);
    const image = await load(name);
    if (!image) return;
    const { depends, aliases } = readModuleInfo(image.bytes);
    for (const needed of depends) await plan(needed);
    const needs = depends.flatMap(needed => [...(planned.get(needed)?.needs ?? []), needed]);
    planned.set(name, { ...image, aliases, needs: [...new Set(needs)].filter(needed => planned.has(needed)) });
  };
  for (const name of wanted) await plan(name);
  return [...planned.values()];
}

/** `modules.dep` as modprobe reads it: a file and those that it needs, the one to load first at the end. */
export function modulesDep(modules: readonly PlannedModule[]): string {
  const line = ({ name, needs }: PlannedModule): string =>
    [`${name}.ko:`, ...needs.map(need => `${need}.ko`).reverse()].join(' ');
  return modules.map(one => `${line(one)}\n`).join('');
}

export function modulesAlias(modules: readonly PlannedModule[]): string {
  return modules.flatMap(({ name, aliases }) => aliases.map(alias => `alias ${alias} ${name}\n`)).join('');
}

/** What the module says of itself in its .modinfo section: `key=value` strings, each ended by a NUL. */
export function readModuleInfo(bytes: Uint8Array): {
  readonly depends: readonly string[];
  readonly aliases: readonly string[];
} {
  const lines = asciiText(sectionOf(bytes, '.modinfo')).split('\0');
  const values = (key: string): readonly string[] =>
    lines.filter(line => line.startsWith(`${key}=`)).map(line => line.slice(key.length + 1));
  const depends = values('depends').flatMap(list => list.split(','));
  return {
    depends: depends.filter(name => name !== '').map(name => name.replaceAll('-', '_')),
    aliases: values('alias'),
  };
}

/** One section of a 64-bit little-endian ELF file (elf(5)). */
function sectionOf(bytes: Uint8Array, wanted: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64 || view.getUint32(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1) {
    throw new RangeError('Not a 64-bit little-endian ELF file.');
  }
  const tableAt = Number(view.getBigUint64(0x28, true));
  const entrySize = view.getUint16(0x3a, true);
  const section = (index: number): { readonly nameAt: number; readonly content: Uint8Array } => {
    const at = tableAt + index * entrySize;
    const start = Number(view.getBigUint64(at + 0x18, true));
    return {
      nameAt: view.getUint32(at, true),
      content: bytes.subarray(start, start + Number(view.getBigUint64(at + 0x20, true))),
    };
  };
  const names = section(view.getUint16(0x3e, true)).content;
  for (let index = 1; index < view.getUint16(0x3c, true); index++) {
    const { nameAt, content } = section(index);
    if (asciiText(names.subarray(nameAt, names.indexOf(0, nameAt))) === wanted) return content;
  }
  throw new RangeError(`No section ${wanted}.`);
}
