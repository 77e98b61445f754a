import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './system-error.ts';

/** Faces for labels, best first: each family's upright, bold and slanted file. */
const families: readonly (readonly [upright: string, bold: string, slanted: string])[] = [
  ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSans-Oblique.ttf'],
  ['NotoSans-Regular.ttf', 'NotoSans-Bold.ttf', 'NotoSans-Italic.ttf'],
  ['LiberationSans-Regular.ttf', 'LiberationSans-Bold.ttf', 'LiberationSans-Italic.ttf'],
  ['Roboto-Regular.ttf', 'Roboto-Bold.ttf', 'Roboto-Italic.ttf'],
  ['Ubuntu-R.ttf', 'Ubuntu-B.ttf', 'Ubuntu-RI.ttf'],
  ['OpenSans-Regular.ttf', 'OpenSans-Bold.ttf', 'OpenSans-Italic.ttf'],
  ['Arial.ttf', 'Arial_Bold.ttf', 'Arial_Italic.ttf'],
];

/** Latin, Greek, Cyrillic, punctuation, arrows: what every face above has. */
const common = /^[\t\n\r -~\u00A0-\u052F\u1E00-\u206F\u20A0-\u22FF]*$/;

/** Faces for the other scripts of the world. */
const forOthers =
  /^(NotoSans(CJK|SC|JP|KR|Arabic|Hebrew|Devanagari|Thai)|DroidSansFallback|wqy-|FreeSans\.|unifont|Symbola)/i;
/** So many of them are loaded, and no larger ones: a face of all Chinese characters has 20 MB. */
const mostOthers = 6;

/** The folders of fonts of this host and user. */
export function fontFolders(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { HOME = '', XDG_DATA_HOME = path.join(HOME, '.local/share') } = environment;
  return [path.join(XDG_DATA_HOME, 'fonts'), path.join(HOME, '.fonts'), '/usr/local/share/fonts', '/usr/share/fonts'];
}

/** The files of faces that can write this text, the one to prefer first; empty: the host has none. */
export async function findFonts(text: string, folders: readonly string[]): Promise<readonly Uint8Array[]> {
  const found = new Map<string, string>();
  for (const folder of folders)
    for (const file of await fontFiles(folder)) {
      const name = path.basename(file);
      if (!found.has(name)) found.set(name, file);
    }
  const pathsOf = (names: readonly string[]): readonly string[] => names.flatMap(name => found.get(name) ?? []);
  const family = families.find(([upright]) => found.has(upright)) ?? anyFace([...found.keys()]);
  const others = common.test(text) ? [] : [...found.keys()].filter(name => forOthers.test(name)).slice(0, mostOthers);
  return Promise.all([...pathsOf(family), ...pathsOf(others)].map(file => readFile(file)));
}

const anyFace = (names: readonly string[]): readonly string[] => {
  const face = names.find(name => /sans/i.test(name) && !/bold|italic|oblique|mono/i.test(name)) ?? names[0];
  return face === undefined ? [] : [face];
};

async function fontFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true });
    return entries.filter(name => /\.(ttf|otf|ttc)$/i.test(name)).map(name => path.join(folder, name));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return [];
    throw error;
  }
}
