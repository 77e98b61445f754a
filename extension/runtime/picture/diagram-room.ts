/**
 * What is big of diagrams as texts: reading, writing, importing them. A file of its own in the package, which the
 * extension loads when the first `.diag` is opened, or a lab is written as one.
 */
export { labDiagram } from '../../diagram/from-lab.ts';
export { importLab } from '../../diagram/import/import-lab.ts';
export { lettersOf } from '../../diagram/import/names.ts';
export { diagFolds, diagOutline } from '../../diagram/language/outline.ts';
export { parseDiag } from '../../diagram/language/parser.ts';
export { readDiag } from '../../diagram/language/reader.ts';
export { writeDiag } from '../../diagram/language/write-diag.ts';
