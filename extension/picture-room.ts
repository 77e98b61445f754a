/**
 * What is big of the picture: reading diagrams and laying them out. A file of its own in the package, which the extension
 * loads when the first picture is opened.
 */
export { pictureOf } from './diagram/layout/layouts.ts';
export { readSubject } from './runtime/picture-subject.ts';
