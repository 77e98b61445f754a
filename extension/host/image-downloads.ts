import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { onCancel } from '../base/cancel.ts';
import { UserError } from '../base/user-error.ts';
import { BeingFetched } from '../images/image-errors.ts';
import type { DownloadWork, ImageDownloads, ImageFiles, ImageOrder } from '../runtime/image-ports.ts';
import { lockFile } from './file-lock.ts';
import { PartialImage } from './partial-image.ts';
import { systemFailure } from './system-error.ts';
import { transfer, type Fetch, type Transfer } from './image-transfer.ts';

/** Tries in a row that bring nothing new before it is given up. */
const mostIdleTries = 4;

interface DownloadParts {
  readonly files: Pick<ImageFiles, 'look'>;
  readonly fetch: Fetch;
  /** How long to wait before the next try, after so many without success. */
  readonly pauseMs?: (tries: number) => number;
}

/**
 * Fetches images through fetch. What has come stands in a file beside the final one (`.part`), so that a later try goes
 * on there; the final one appears by a rename, after its sum was checked.
 */
export class HttpImageDownloads implements ImageDownloads {
  private readonly files: DownloadParts['files'];
  private readonly fetcher: Fetch;
  private readonly pauseMs: (tries: number) => number;

  constructor({ files, fetch, pauseMs = tries => 500 * 2 ** tries }: DownloadParts) {
    this.files = files;
    this.fetcher = fetch;
    this.pauseMs = pauseMs;
  }

  async fetch(order: ImageOrder, work: DownloadWork = {}): Promise<boolean> {
    if (await this.files.look(order.file)) return false;
    await makeFolder(path.dirname(order.file));
    const lock = await lockFile(`${order.file}.lock`);
    if (!lock) throw new BeingFetched(order.url);
    try {
      // Another process may have been done between the look and the lock.
      if (await this.files.look(order.file)) return false;
      await this.fetchLocked(order, work);
      return true;
    } finally {
      await lock.release();
    }
  }

  private async fetchLocked(order: ImageOrder, work: DownloadWork): Promise<void> {
    const part = await PartialImage.open(`${order.file}.part`);
    try {
      const hadSome = part.bytes > 0;
      // It may have come whole before it was given its name.
      if (part.sum() !== order.sha256) await this.download(order, part, work);
      // What was there may have been of an older file under the same address: once more, from the beginning.
      if (part.sum() !== order.sha256 && hadSome) {
        await part.empty();
        await this.download(order, part, work);
      }
      await this.accept(order, part);
    } finally {
      await part.close();
    }
  }

  private async accept(order: ImageOrder, part: PartialImage): Promise<void> {
    const sum = part.sum();
    if (sum !== order.sha256) {
      await part.remove();
      throw new UserError(
        `${order.url} is not the image that the lab names, and nothing of it was kept. Its SHA-256 is ${sum}, not ${order.sha256}. ` +
          'Ask its publisher for the right sum; if the image was renewed, correct "sha256:".',
      );
    }
    const refusal = order.refusal((await this.files.look(part.file))?.head ?? new Uint8Array(), part.bytes);
    if (refusal !== undefined) {
      await part.remove();
      throw new UserError(`${order.url} ${refusal}. Nothing of it was kept.`);
    }
    try {
      await part.finish();
      await rename(part.file, order.file);
      await rm(`${part.file}.version`, { force: true });
    } catch (error) {
      throw systemFailure(`Cannot write ${order.file}`, error);
    }
  }

  /** Goes on after each cut for as long as something new comes. */
  private async download({ url }: ImageOrder, part: PartialImage, work: DownloadWork): Promise<void> {
    for (let idleTries = 0; ;) {
      const before = part.bytes;
      const result: Transfer = await transfer(url, part, { ...work, fetch: this.fetcher });
      if (result.kind === 'whole') return;
      idleTries = part.bytes > before ? 0 : idleTries + 1;
      if (idleTries >= mostIdleTries) {
        throw new UserError(
          `${url} could not be fetched: ${result.reason}. What has come is kept; try again to go on from there.`,
        );
      }
      await pause(this.pauseMs(idleTries), work);
    }
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw systemFailure(`Cannot make the folder ${folder}`, error);
  }
}

async function pause(ms: number, { signal }: DownloadWork): Promise<void> {
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, ms);
    onCancel(signal, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
