import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { IncludedFile, LabReading } from '../../extension/lab/model.ts';
import { parseLab, readLab } from '../../extension/lab/reading/reader.ts';

/** A lab that is shipped, with what it includes. */
export interface Sample {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly included: readonly (IncludedFile & { readonly text: string })[];
}

const folder = path.resolve(import.meta.dirname, '../../extension/samples');

export const samples: readonly Sample[] = readdirSync(folder)
  .sort()
  .map(name => {
    const file = path.join(folder, name, `${name}.lab.yaml`);
    const text = readFileSync(file, 'utf8');
    const included = parseLab(text).includes.map(include => {
      const part = path.resolve(path.dirname(file), include);
      return { name: include, path: part, text: readFileSync(part, 'utf8') };
    });
    return { name, file, text, included };
  });

export const readSample = ({ file, text, included }: Sample): LabReading =>
  readLab(text, { fileName: path.basename(file), included });
