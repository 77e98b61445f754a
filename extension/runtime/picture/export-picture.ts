import type { ExportOptions, PictureFormat } from '../../diagram/export/exported.ts';
import type { Picture } from '../../diagram/picture.ts';
import type { Rasterizer } from '../host.ts';

/** Sharp on screens of twice the usual density, and on paper. */
const pngScale = 2;

export interface ExportedFile {
  /** The whole file; bytes where the format is pixels. */
  readonly content: string | Uint8Array;
  /** What the format cannot say: one sentence each. */
  readonly losses: readonly string[];
}

/** A picture as the content of a file. Nothing is written: who writes has all of it. */
export async function exportPicture(
  picture: Picture,
  format: PictureFormat,
  options: ExportOptions,
  rasterizer: Rasterizer,
): Promise<ExportedFile> {
  const { text, losses } = format.write(picture, options);
  return { content: format.isRaster === true ? await rasterizer.png(text, pngScale) : text, losses };
}
