import { readFile } from 'node:fs/promises';
import type * as resvgWasm from '@resvg/resvg-wasm';
import { UserError } from '../base/user-error.ts';
import type { Rasterizer } from '../runtime/host.ts';
import { findFonts } from './fonts.ts';

type Resvg = typeof resvgWasm;

/** Four bytes each are held in memory; a larger picture gets fewer pixels for each of its own. */
const mostPixels = 64_000_000;

export interface RasterizerOptions {
  /** Where resvg, compiled to WebAssembly, lies. */
  readonly wasm: string;
  readonly fontFolders: readonly string[];
}

/** Draws SVG files with resvg, without a browser. It is loaded with the first one. */
export class ResvgRasterizer implements Rasterizer {
  private readonly options: RasterizerOptions;
  private static loading: Promise<Resvg> | undefined;

  constructor(options: RasterizerOptions) {
    this.options = options;
  }

  async png(svg: string, scale: number): Promise<Uint8Array> {
    const [resvg, fontBuffers] = await Promise.all([this.load(), findFonts(svg, this.options.fontFolders)]);
    if (fontBuffers.length === 0)
      throw new UserError(
        'There is no font on this host to write a PNG with. Install one (Debian: fonts-dejavu-core), or export an SVG.',
      );
    const { width, height } = new resvg.Resvg(svg);
    const value = Math.min(scale, Math.sqrt(mostPixels / (width * height)));
    const image = new resvg.Resvg(svg, { font: { fontBuffers: [...fontBuffers] }, fitTo: { mode: 'zoom', value } });
    try {
      return image.render().asPng();
    } finally {
      image.free();
    }
  }

  /** Once in a process: it has one memory of its own. After a failure the next one tries again. */
  private load(): Promise<Resvg> {
    ResvgRasterizer.loading ??= this.begin().catch((error: unknown) => {
      ResvgRasterizer.loading = undefined;
      throw error;
    });
    return ResvgRasterizer.loading;
  }

  private async begin(): Promise<Resvg> {
    const [resvg, wasm] = await Promise.all([import('@resvg/resvg-wasm'), readFile(this.options.wasm)]);
    await resvg.initWasm(wasm);
    return resvg;
  }
}
