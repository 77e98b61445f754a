import { defaultSettings, type Diagram } from '../../diagram/diagram.ts';
import { labDiagram } from '../../diagram/from-lab.ts';
import { readDiag } from '../../diagram/language/reader.ts';
import type { Lab, LabReading } from '../../lab/model.ts';
import type { Severity } from '../../lab/problem.ts';
import { baseName } from '../paths.ts';
import { isDiagFile } from './picture-file.ts';
import { count } from '../views/tree-node.ts';

/** What a picture is of: one file, as its text is now. */
export interface PictureSubject {
  /** The lab's name, or the file's. */
  readonly name: string;
  readonly diagram: Diagram;
  /** Undefined: the file is no lab. */
  readonly lab: Lab | undefined;
  /** What is wrong with the file, for people; empty: nothing. */
  readonly news: string;
}

const emptyDiagram: Diagram = {
  settings: defaultSettings,
  ...{ networks: [], nodes: [], links: [], groups: [], wires: [], routes: [] },
};

export interface SubjectParts {
  readonly file: string;
  readonly text: string;
  /** What it was, for text that cannot be read at all. */
  readonly former: PictureSubject | undefined;
  /** Reads the text as that of this file; given, because it is large and the extension has it anyway. */
  readonly readLab: (text: string) => LabReading;
}

/** Reads the text of a lab file or a `.diag`. */
export function readSubject({ file, text, former, readLab }: SubjectParts): PictureSubject {
  const name = baseName(file);
  if (isDiagFile(file)) {
    const { diagram, problems } = readDiag(text);
    return { name, diagram, lab: undefined, news: newsOf(problems) };
  }
  const { lab, problems } = readLab(text);
  if (lab) return { name: lab.name, diagram: labDiagram(lab), lab, news: newsOf(problems) };
  if (former)
    return { ...former, news: 'The file cannot be read as it stands. The picture shows it as it was before.' };
  return { name, diagram: emptyDiagram, lab: undefined, news: '' };
}

function newsOf(problems: readonly { readonly severity: Severity }[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return errors === 0 ? '' : `${count(errors, 'error')} in the file. What could be read is drawn.`;
}
