import fs from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { UserError } from '../base/user-error.ts';
import { readPpm, shrink, writePng, type Picture } from '../qemu/picture.ts';
import type { Thumbnails } from '../runtime/host.ts';
import { systemFailure } from './system-error.ts';

/** VS Code cuts the text of a tooltip, in which the picture stands, at 100,000 characters; base64 takes 4 for 3 bytes. */
const mostBytes = 60_000;
const width = 320;
const height = 240;

/** Makes small PNG pictures of screendumps. */
export class ScreenThumbnails implements Thumbnails {
  async take(file: string): Promise<string> {
    const picture = readPpm(await readAndRemove(file));
    if (!picture) throw new UserError(`${file} is no picture of a screen.`);
    return small(shrink(picture, width, height));
  }
}

/** A photograph compresses badly: then it gets smaller still. */
function small(picture: Picture): string {
  const png = writePng(picture, bytes => deflateSync(bytes));
  if (png.length <= mostBytes || picture.width < 2) return Buffer.from(png).toString('base64');
  return small(shrink(picture, Math.ceil(picture.width / 2), picture.height));
}

async function readAndRemove(file: string): Promise<Uint8Array> {
  try {
    return await fs.readFile(file);
  } catch (error) {
    throw systemFailure(`Cannot read ${file}`, error);
  } finally {
    await fs.rm(file, { force: true });
  }
}
