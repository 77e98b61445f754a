import { backingPath, readImageHeader, type ImageFacts, type ImageFormat } from '../../images/image-header.ts';
import type { ImageFiles } from '../image-ports.ts';

/** One image of a chain: an overlay, or what lies at the bottom. */
export interface ChainLink {
  readonly path: string;
  readonly format: ImageFormat;
  /** What it takes on the disk. */
  readonly allocatedBytes: number;
  readonly facts: ImageFacts;
}

/** An image with all that lie under it, itself first. */
export interface ImageChain {
  readonly links: readonly ChainLink[];
  /** Why it cannot be used; a sentence. The chain then ends where that was found. Undefined: it is sound. */
  readonly problem: string | undefined;
  /** The image itself, or one under it, is not there. */
  readonly missing: string | undefined;
}

const mostLinks = 32;

/**
 * Reads headers only, and of the next image nothing before this one has been found good: an image may name any file, device
 * or address, and qemu-img would open it.
 */
export async function readChain(
  path: string,
  format: ImageFormat,
  files: Pick<ImageFiles, 'look'>,
): Promise<ImageChain> {
  const links: ChainLink[] = [];
  const end = (problem: string | undefined, missing?: string): ImageChain => ({ links, problem, missing });
  for (let next: Next | undefined = { path, format }; next;) {
    const { path: at, format: how }: Next = next;
    if (links.length >= mostLinks || links.some(link => link.path === at))
      return end(`${path} lies over itself, or over more than ${mostLinks} images.`);
    const file = await files.look(at);
    if (!file) return end(`${at} is not there.`, at);
    const facts = readImageHeader(file.head, file.bytes, how);
    links.push({ path: at, format: how, allocatedBytes: file.allocatedBytes, facts });
    const after = nextOf(at, facts);
    if (typeof after === 'string') return end(after);
    next = after;
  }
  return end(undefined);
}

interface Next {
  readonly path: string;
  readonly format: ImageFormat;
}

/** What lies under an image; undefined: nothing; a text: why it is not looked at. */
function nextOf(path: string, facts: ImageFacts): Next | string | undefined {
  if (facts.kind === 'broken') return `${path} ${facts.reason}.`;
  if (facts.kind === 'raw') return undefined;
  if (facts.hasDataFile) return `${path} keeps its data in another file, which it names itself. It is not opened.`;
  if (!facts.backing) return undefined;
  const { name, format } = facts.backing;
  const under = backingPath(path, name);
  const shownName = JSON.stringify(name);
  if (under === undefined) return `${path} lies over ${shownName}, which is no file of this host. It is not opened.`;
  if (format !== 'qcow2' && format !== 'raw')
    return `${path} lies over ${shownName} of a format that it does not say, or that is not used here. It is not opened.`;
  return { path: under, format };
}
