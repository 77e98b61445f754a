/**
 * What is big of pictures: reading diagrams, laying them out, telling what is in them. A file of its own in the package,
 * which the extension loads when the first picture is opened.
 */
export { parseLab, readLab } from '../../lab/reading/reader.ts';
export { YamlPieces } from '../../lab/reading/yaml-pieces.ts';
export { pictureOf } from '../../diagram/layout/layouts.ts';
export { diagramFacts, labFacts, menuOf } from './picture-facts.ts';
export { liveLab } from './picture-live.ts';
export { pictureSegments } from './picture-segments.ts';
export { readSubject } from './picture-subject.ts';
export { PictureThings } from './picture-things.ts';
