/**
 * What is big of editing labs in the picture and the trees. A file of its own in the package, which the extension loads
 * with the first edit. It throws no errors of ours, whose classes are in another bundle.
 */
export { editLab } from '../lab/edit-lab.ts';
export { wordsOf } from '../lab/lab-edit-things.ts';
export { freeName, newNameRefusal } from '../lab/new-name.ts';
export { editTarget, runningWords } from './edit-targets.ts';
