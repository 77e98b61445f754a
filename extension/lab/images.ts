import type { Disk } from './model.ts';

/** QEMU must not guess: a guest could turn its raw disk into something that it would take for another format. */
export const defaultFormat = (file: string): Disk['format'] =>
  /\.(img|raw|iso)$|^\/dev\//i.test(file) ? 'raw' : 'qcow2';

/** Whether `image:` of a VM means a path; otherwise it is a name of `images:`. */
export const looksLikePath = (text: string): boolean => text.includes('/') || /\.(qcow2?|img|raw)$/i.test(text);

/** Where an image that was fetched lies in the folder of fetched images: content of one sum is there once. */
export const fetchedName = (sha256: string, format: Disk['format']): string => `${sha256}.${format}`;
