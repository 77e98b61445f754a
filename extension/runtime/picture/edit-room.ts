/**
 * What is big of editing labs in the picture and the trees. A file of its own in the package, which the extension loads
 * with the first edit.
 */
export { editLab } from '../../lab/edits/edit-lab.ts';
export { removalRefusal, thingElsewhere } from '../../lab/edits/elsewhere.ts';
export { wordsOf } from '../../lab/edits/lab-edit-things.ts';
export { freeName, newNameRefusal } from '../../lab/edits/new-name.ts';
export { rowLossWords } from '../../lab/edits/rows.ts';
export { editTarget, runningWords } from './edit-targets.ts';
