/** A file of a volume. Its name has only characters that every system takes: letters, digits, dots and dashes. */
export interface VolumeFile {
  readonly name: string;
  readonly content: Uint8Array;
}

const sector = 2048;
/** Sectors: 16 volume, 17 the same for Joliet, 18 end, 19 to 22 path tables, 23 and 24 root folders, then the files. */
const [firstTable, plainRoot, jolietRoot, firstFile] = [19, 23, 24, 25];

/**
 * A CD image (ECMA-119) with these files in its root folder. The plain folder has their names in capitals, as it must;
 * beside it stands one by Joliet, with the very names. No times: the same files give the same bytes.
 */
export function writeIso(volume: string, files: readonly VolumeFile[]): Uint8Array<ArrayBuffer> {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  let next = firstFile;
  const placed = sorted.map(({ name, content }): PlacedFile => {
    const start = next;
    next += Math.max(1, Math.ceil(content.length / sector));
    return { name, start, content };
  });
  const image = new Uint8Array(next * sector);
  const put = (at: number, bytes: Uint8Array): void => image.set(bytes, at * sector);
  const trees = [
    { at: 16, root: plainRoot, tables: firstTable, names: plainName, text: ascii, isJoliet: false },
    { at: 17, root: jolietRoot, tables: firstTable + 2, names: ucs2, text: ucs2, isJoliet: true },
  ];
  for (const tree of trees) {
    put(tree.at, volumeDescriptor(tree, volume, next));
    put(tree.tables, pathTable(tree.root, true));
    put(tree.tables + 1, pathTable(tree.root, false));
    put(tree.root, folder(tree.root, placed, tree.names));
  }
  put(18, concat([Uint8Array.of(255), ascii('CD001'), Uint8Array.of(1)]));
  for (const { start, content } of placed) put(start, content);
  return image;
}

interface PlacedFile extends VolumeFile {
  readonly start: number;
}

interface Tree {
  readonly root: number;
  readonly tables: number;
  readonly text: (text: string) => Uint8Array;
  readonly isJoliet: boolean;
}

/** ECMA-119, 8.4: fields at fixed places, texts filled up with blanks. */
function volumeDescriptor({ root, tables, text, isJoliet }: Tree, volume: string, sectors: number): Uint8Array {
  const bytes = new Uint8Array(sector);
  const put = (at: number, part: Uint8Array): void => bytes.set(part, at);
  const padded = (at: number, length: number, words: string): void =>
    put(at, text(words.padEnd(isJoliet ? length / 2 : length)).subarray(0, length));
  put(0, concat([Uint8Array.of(isJoliet ? 2 : 1), ascii('CD001'), Uint8Array.of(1)]));
  padded(8, 32, '');
  padded(40, 32, volume);
  put(80, bothEnds(sectors, 4));
  // Joliet, level 3: UCS-2 in the order of the network.
  if (isJoliet) put(88, ascii('%/E'));
  for (const [at, number] of [[120, 1] as const, [124, 1] as const, [128, sector] as const])
    put(at, bothEnds(number, 2));
  put(132, bothEnds(tableBytes, 4));
  put(140, number(tables, 4, true));
  put(148, number(tables + 1, 4, false));
  put(156, record(Uint8Array.of(0), root, sector, true));
  padded(190, 623, '');
  // No times are known: digits 0, and the offset from GMT a plain zero.
  for (const at of [813, 830, 847, 864]) put(at, concat([ascii('0'.repeat(16)), Uint8Array.of(0)]));
  put(881, Uint8Array.of(1));
  return bytes;
}

const tableBytes = 10;

/** The root folder only: its name (one zero byte) and where it is. */
const pathTable = (root: number, isLittle: boolean): Uint8Array =>
  concat([Uint8Array.of(1, 0), number(root, 4, isLittle), number(1, 2, isLittle), Uint8Array.of(0, 0)]);

function folder(root: number, files: readonly PlacedFile[], nameOf: (name: string) => Uint8Array): Uint8Array {
  return concat([
    record(Uint8Array.of(0), root, sector, true),
    record(Uint8Array.of(1), root, sector, true),
    ...files.map(({ name, start, content }) => record(nameOf(name), start, content.length, false)),
  ]);
}

function record(name: Uint8Array, start: number, length: number, isFolder: boolean): Uint8Array {
  const size = 33 + name.length + (name.length % 2 === 0 ? 1 : 0);
  const bytes = new Uint8Array(size);
  // The first of January 1970; a folder has the second bit.
  const parts = [bothEnds(start, 4), bothEnds(length, 4), Uint8Array.of(70, 1, 1, 0, 0, 0, 0, isFolder ? 2 : 0, 0, 0)];
  bytes.set(concat([Uint8Array.of(size, 0), ...parts, bothEnds(1, 2), Uint8Array.of(name.length), name]));
  return bytes;
}

/** Systems that know Joliet never see it; others show it in small letters. */
const plainName = (name: string): Uint8Array => ascii(`${name.toUpperCase()}${name.includes('.') ? '' : '.'};1`);

const ascii = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0) & 0x7f);
const ucs2 = (text: string): Uint8Array =>
  Uint8Array.from({ length: 2 * text.length }, (_, at) => (text.charCodeAt(at >> 1) >> (at % 2 === 0 ? 8 : 0)) & 0xff);

function number(value: number, bytes: 2 | 4, isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes));
  if (bytes === 2) view.setUint16(0, value, isLittle);
  else view.setUint32(0, value, isLittle);
  return new Uint8Array(view.buffer);
}

/** Numbers stand there in both orders, one behind the other. */
const bothEnds = (value: number, bytes: 2 | 4): Uint8Array =>
  concat([number(value, bytes, true), number(value, bytes, false)]);

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
