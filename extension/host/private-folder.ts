import fs from 'node:fs';
import { codeOf } from './system-error.ts';

/** Ours alone, and made if it is missing: whoever can connect to a socket in it can do there what we can. */
export function isPrivate(folder: string): boolean {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') return false;
  }
  const stat = fs.lstatSync(folder);
  return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
}
