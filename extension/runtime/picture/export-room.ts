/**
 * What is big of exports: the formats that pictures are written in. A file of its own in the package, which the
 * extension loads when the first picture is exported.
 */
export { pictureFormats } from '../../diagram/export/formats.ts';
export { exportPicture } from './export-picture.ts';
