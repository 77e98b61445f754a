import { readLab } from '../../lab/reading/reader.ts';
import type { IncludedFile, LabReading } from '../../lab/model.ts';
import { baseName } from '../../runtime/paths.ts';

/** A lab file with what it included when it was read last. */
export interface FileWithIncluded {
  readonly file: string;
  readonly included: readonly IncludedFile[] | undefined;
}

/** Reads texts as those of a lab file, without a look at the disk. */
export const readerOf =
  ({ file, included }: FileWithIncluded) =>
  (text: string): LabReading =>
    readLab(text, { fileName: baseName(file), included });
