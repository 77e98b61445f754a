import { CalledOff, UserError } from '../../base/user-error.ts';
import { readImageHeader, refusalOf, type ImageFormat } from '../../images/image-header.ts';
import {
  compactArguments,
  copyStateArguments,
  createArguments,
  listSnapshotsArguments,
  overwriteArguments,
  readSnapshots,
  rebaseArguments,
  snapshotArguments,
  type Base,
  type Snapshot,
  type SnapshotVerb,
} from '../../images/qemu-img.ts';
import type { DownloadWork, ImageDownloads, ImageFiles, ImageTool, LongWork } from '../image-ports.ts';
import type { Files } from '../host.ts';
import { readChain, type ChainLink } from './image-chain.ts';
import type { UsedImage } from './lab-images.ts';

export interface ImageParts {
  readonly images: ImageFiles;
  readonly files: Pick<Files, 'write' | 'exists'>;
  readonly tool: ImageTool;
  readonly downloads: ImageDownloads;
}

/** An image and its format, as whoever names it says it. */
export interface NamedImage {
  /** Absolute. */
  readonly path: string;
  readonly format: ImageFormat;
}

/** The copy of an image that gets a state more. It lies beside it, as what lies under an image is named from there. */
export const addingCopy = (path: string): string => `${path}.adding`;

/** What an image has now, while it is given what another one has. */
const present = 'kvmlab.present';

const qcow2 = (path: string): NamedImage => ({ path, format: 'qcow2' });

const sizeOf = (link: ChainLink | undefined): number | undefined =>
  link && link.facts.kind !== 'broken' ? link.facts.virtualSize : undefined;

/**
 * What can be done to images. Nothing is opened by qemu-img before all headers under it have been looked at, and nothing is
 * done to an image that a VM has open: qemu-img and qemu-io take the same locks as QEMU.
 */
export class ImageActions {
  private readonly parts: ImageParts;

  constructor(parts: ImageParts) {
    this.parts = parts;
  }

  /** Gets an image that has a URL, and checks the sum of any other. Gives a line that says what was done. */
  async fetch({ path, format, url, sha256, text }: UsedImage, work: DownloadWork = {}): Promise<string> {
    if (url !== undefined && sha256 !== undefined) {
      const refusal = (head: Uint8Array, bytes: number): string | undefined =>
        refusalOf(readImageHeader(head, bytes, format), head);
      const isNew = await this.parts.downloads.fetch({ url, sha256, file: path, refusal }, work);
      return isNew ? `Image ${text} is fetched: ${path}` : `Image ${text} is there: ${path}`;
    }
    await this.requireThere(path);
    if (sha256 === undefined) return `Image ${text} is there: ${path}. It has no sha256, so it was not checked.`;
    const sum = await this.parts.images.sum(path, { signal: work.signal });
    if (sum === sha256) return `Image ${text} is there and has its sum: ${path}`;
    throw new UserError(
      `${path} is not the image that the lab names: its SHA-256 is ${sum}, not ${sha256}. Get the right one, or correct "sha256:".`,
    );
  }

  /** `size` may be left out over a base, whose size it then gets. */
  async create(image: NamedImage, size: string | undefined, base?: NamedImage): Promise<void> {
    const { path, format } = image;
    if (await this.parts.files.exists(path)) throw new UserError(`${path} is there already, and nothing was made.`);
    if (base && format !== 'qcow2')
      throw new UserError(`Only a qcow2 image can lie over another one. Name it X.qcow2.`);
    if (base) await this.sound(base);
    // Makes the folder, and shows whether it can be written.
    const copy = `${path}.new`;
    await this.parts.files.write(copy, '');
    await this.whole(copy, path, async () => {
      await this.parts.tool.run(createArguments(copy, format, size, base));
    });
  }

  async snapshot(verb: SnapshotVerb, path: string, name: string): Promise<void> {
    await this.sound(qcow2(path));
    const isThere = (await this.snapshots(path)).some(one => one.name === name);
    if (verb === 'create' && isThere) throw new UserError(`${path} has a snapshot ${name} already. Take another name.`);
    if (verb !== 'create' && !isThere) throw new UserError(`${path} has no snapshot ${name}.`);
    await this.parts.tool.run(snapshotArguments(verb, path, name));
  }

  async snapshots(path: string): Promise<readonly Snapshot[]> {
    await this.sound(qcow2(path));
    const found = readSnapshots(await this.parts.tool.run(listSnapshotsArguments(path)));
    if (!found) throw new UserError(`qemu-img did not say which snapshots ${path} has.`);
    return found;
  }

  /** Copies a state that an image keeps inside into an image that stands alone, also while a VM has the image open. */
  async copyState(path: string, name: string, copy: string, work: LongWork = {}): Promise<void> {
    await this.sound(qcow2(path));
    await this.parts.tool.run(copyStateArguments(path, name, copy), work);
  }

  /**
   * Gives an image one more state that it keeps inside: what another image of the same size, which stands alone, has. All
   * else of it stays. That is done to a copy, which takes its place at the end; nobody can open it meanwhile.
   */
  async addState(path: string, name: string, content: string, work: LongWork = {}): Promise<void> {
    const [[top], [added]] = [await this.sound(qcow2(path)), await this.sound(qcow2(content))];
    if ((await this.snapshots(path)).some(one => one.name === name))
      throw new UserError(`${path} has a snapshot ${name} already. Take another name.`);
    if (sizeOf(top) !== sizeOf(added))
      throw new UserError(`${path} does not have the size of the disk whose state it would take. Nothing was changed.`);
    const { tool, images } = this.parts;
    const hold = await tool.hold(path, 'qcow2');
    const copy = addingCopy(path);
    try {
      await this.whole(copy, path, async () => {
        await images.copy(path, copy);
        await tool.run(snapshotArguments('create', copy, present));
        await tool.run(overwriteArguments(content, copy), work);
        await tool.run(snapshotArguments('create', copy, name));
        await tool.run(snapshotArguments('restore', copy, present));
        await tool.run(snapshotArguments('delete', copy, present));
        if (work.signal?.aborted === true) throw new CalledOff('It was called off.');
      });
    } finally {
      hold.dispose();
    }
  }

  /** Puts an overlay over another base; the guest sees the same. Without a base it takes all into itself. */
  async rebase(path: string, base: NamedImage | undefined, work: LongWork = {}): Promise<void> {
    const [top] = await this.sound(qcow2(path));
    if (!base && top?.facts.kind === 'qcow2' && !top.facts.backing)
      throw new UserError(`${path} lies over no image, so there is nothing to take into it.`);
    if (base) {
      const under = await this.sound(base);
      if (under.some(link => link.path === path)) throw new UserError(`${base.path} lies over ${path} itself.`);
    }
    await this.parts.tool.run(rebaseArguments(path, base), work);
  }

  /** Writes the image anew without what is not used. Gives what it took before and after, in bytes. */
  async compact(image: NamedImage, work: LongWork = {}): Promise<{ readonly before: number; readonly after: number }> {
    const { path, format } = image;
    const [top, under] = await this.sound(image);
    if (top?.facts.kind === 'qcow2' && top.facts.snapshots > 0)
      throw new UserError(`${path} has snapshots, which a compact copy would not have. Delete them first.`);
    const base: Base | undefined = under && { path: under.path, format: under.format };
    const copy = `${path}.compact`;
    const hold = await this.parts.tool.hold(path, format);
    try {
      await this.whole(copy, path, async () => {
        await this.parts.tool.run(compactArguments(path, format, copy, base), work);
      });
    } finally {
      hold.dispose();
    }
    const after = await this.parts.images.look(path);
    return { before: top?.allocatedBytes ?? 0, after: after?.allocatedBytes ?? 0 };
  }

  /**
   * An overlay takes the place of the image under it, with all that this one has: by one renaming at the end, so that it is
   * done or not. An image that lies over another one than that, or over none, takes the place as it is.
   */
  async replaceBase(overlay: string, path: string, work: LongWork = {}): Promise<void> {
    const [, under, below] = await this.sound(qcow2(overlay));
    if (under?.path !== path) {
      await this.parts.images.replace(overlay, path);
      return;
    }
    const backing = under.facts.kind === 'qcow2' ? under.facts.backing : undefined;
    // As it is written there: a path from the folder in which both lie.
    const base = backing && below && { path: backing.name, format: below.format };
    await this.parts.tool.run(rebaseArguments(overlay, base), work);
    const hold = await this.parts.tool.hold(path, under.format);
    try {
      await this.parts.images.replace(overlay, path);
    } finally {
      hold.dispose();
    }
  }

  /** Makes a file under another name and gives it its own when it is whole; what is half done goes away. */
  private async whole(copy: string, path: string, make: () => Promise<void>): Promise<void> {
    try {
      await make();
      await this.parts.images.replace(copy, path);
    } catch (error) {
      await this.parts.images.remove(copy);
      throw error;
    }
  }

  private async requireThere(path: string): Promise<void> {
    if (!(await this.parts.images.look(path))) throw new UserError(`${path} is not there.`);
  }

  /** The images of the chain, all of which may be opened. */
  private async sound({ path, format }: NamedImage): Promise<readonly ChainLink[]> {
    const { links, problem } = await readChain(path, format, this.parts.images);
    if (problem !== undefined) throw new UserError(`${problem} Nothing was changed.`);
    return links;
  }
}
