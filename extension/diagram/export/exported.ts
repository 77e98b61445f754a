import type { Picture } from '../picture.ts';

/** `auto`: light or dark as the reader's system asks, and the page's own colours where it gives them. */
export const pictureThemes = ['auto', 'light', 'dark', 'print'] as const;
export type PictureTheme = (typeof pictureThemes)[number];

export interface ExportOptions {
  /** What the picture is called: its lab or its file. */
  readonly title: string;
  readonly theme: PictureTheme;
}

export interface Exported {
  readonly text: string;
  /** What the format cannot say: one sentence each. */
  readonly losses: readonly string[];
}

/** A format that pictures are written in. */
export interface PictureFormat {
  /** Of the program or the format, for people. */
  readonly name: string;
  /** Of file names, without the dot; the first one is offered. */
  readonly endings: readonly [string, ...string[]];
  /** Whether the text is an SVG that becomes pixels before it is written. */
  readonly isRaster?: boolean;
  readonly write: (picture: Picture, options: ExportOptions) => Exported;
}
