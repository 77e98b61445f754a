import type { Picture } from '../picture.ts';
import { pictureJson } from './json.ts';

/** What a picture can be written as, by the ending of the file: the one table of exports. */
export const pictureFormats: Readonly<Record<string, (picture: Picture) => string>> = {
  json: picture => `${JSON.stringify(pictureJson(picture), null, 2)}\n`,
};
