import { attributes, entryBytes, readStamp, type EntryFacts } from './folder-bytes.ts';
import { aliasSum, aliasText, longestName, unitPlaces } from './names.ts';

/** What a folder's bytes say, entry by entry, with neither `.` and `..` nor the label. Names may be anything: guests write them. */
export function readFolder(bytes: Uint8Array): readonly EntryFacts[] {
  const found: EntryFacts[] = [];
  let long = new LongName();
  for (let at = 0; at + entryBytes <= bytes.length && bytes[at] !== 0; at += entryBytes) {
    const entry = bytes.subarray(at, at + entryBytes);
    const [first = 0, attribute = 0] = [entry[0], entry[11]];
    if (first !== removed && (attribute & 0x3f) === attributes.longName) {
      long.add(entry);
      continue;
    }
    if (first !== removed && first !== dot && (attribute & attributes.volume) === 0)
      found.push(readEntry(entry, long.nameFor(entry)));
    long = new LongName();
  }
  return found;
}

const [removed, dot] = [0xe5, 0x2e];

function readEntry(entry: Uint8Array, longName: string | undefined): EntryFacts {
  const view = new DataView(entry.buffer, entry.byteOffset, entryBytes);
  return {
    name: longName ?? aliasText(entry, entry[12] ?? 0),
    isFolder: ((entry[11] ?? 0) & attributes.folder) !== 0,
    cluster: (view.getUint16(20, true) << 16) | view.getUint16(26, true),
    bytes: view.getUint32(28, true),
    modified: readStamp(view.getUint16(24, true), view.getUint16(22, true)),
  };
}

/** Put together from the entries before that of the alias; the last part comes first. */
class LongName {
  private readonly parts: string[] = [];
  private expected: number | undefined;
  private sum = 0;

  add(entry: Uint8Array): void {
    const [order = 0, sum = 0] = [entry[0], entry[13]];
    if ((order & 0x40) !== 0) {
      this.parts.length = 0;
      this.expected = order & 0x3f;
      this.sum = sum;
    }
    const isNext = this.expected !== undefined && (order & 0x3f) === this.expected && sum === this.sum;
    this.expected = isNext ? (order & 0x3f) - 1 : undefined;
    if (isNext) this.parts.unshift(unitsOf(entry));
  }

  /** Undefined: there is none, or it belongs to another entry. */
  nameFor(entry: Uint8Array): string | undefined {
    if (this.expected !== 0 || aliasSum(entry) !== this.sum) return undefined;
    const name = this.parts.join('').replace(/\0[^]*$/, '');
    return name === '' || name.length > longestName ? undefined : name;
  }
}

function unitsOf(entry: Uint8Array): string {
  const view = new DataView(entry.buffer, entry.byteOffset, entryBytes);
  return unitPlaces.map(place => String.fromCharCode(view.getUint16(place, true))).join('');
}
