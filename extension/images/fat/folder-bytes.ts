import { aliasSum, isShort, shortAlias, unitPlaces } from './names.ts';

export const entryBytes = 32;
export const attributes = { readOnly: 1, volume: 8, folder: 16, archive: 32, longName: 15 } as const;

/** What an entry of a folder says. */
export interface EntryFacts {
  readonly name: string;
  readonly isFolder: boolean;
  /** 0: it has no content. */
  readonly cluster: number;
  /** 0 for folders. */
  readonly bytes: number;
  /** Milliseconds since 1970. FAT has no time zones: it is written, and read, as UTC. */
  readonly modified: number;
}

/** How many entries a name takes. */
export const entriesOf = (name: string): number => (isShort(name) ? 1 : 1 + Math.ceil(name.length / unitPlaces.length));

/** The bytes of a folder. `self` and `parent`: first clusters (the root's is 0); without them it is the root, which has the label. */
export function folderBytes(
  items: readonly EntryFacts[],
  head: { readonly label: string } | { readonly self: number; readonly parent: number; readonly modified: number },
): Uint8Array {
  const taken = new Set<string>();
  const first =
    'label' in head
      ? [entry(head.label.padEnd(11), attributes.volume, 0, 0, 0)]
      : [
          entry('.'.padEnd(11), attributes.folder, head.self, 0, head.modified),
          entry('..'.padEnd(11), attributes.folder, head.parent, 0, head.modified),
        ];
  const entries = [...first, ...items.flatMap(item => entriesFor(item, shortAlias(item.name, taken)))];
  const bytes = new Uint8Array(entries.length * entryBytes);
  entries.forEach((one, at) => bytes.set(one, at * entryBytes));
  return bytes;
}

function entriesFor({ name, isFolder, cluster, bytes, modified }: EntryFacts, alias: string): readonly Uint8Array[] {
  const attribute = isFolder ? attributes.folder : attributes.archive;
  const short = entry(alias, attribute, cluster, bytes, modified);
  if (isShort(name)) return [short];
  const sum = aliasSum(short);
  const parts = Math.ceil(name.length / unitPlaces.length);
  const longs = Array.from({ length: parts }, (_, at) => longEntry(name, at + 1, at + 1 === parts, sum));
  return [...longs.reverse(), short];
}

/** `part`: counted from 1; the last one is marked, ended by a zero and filled up with ones. */
function longEntry(name: string, part: number, isLast: boolean, sum: number): Uint8Array {
  const bytes = new Uint8Array(entryBytes);
  const view = new DataView(bytes.buffer);
  bytes[0] = part | (isLast ? 0x40 : 0);
  bytes[11] = attributes.longName;
  bytes[13] = sum;
  unitPlaces.forEach((place, at) => {
    const unit = (part - 1) * unitPlaces.length + at;
    view.setUint16(place, unit < name.length ? name.charCodeAt(unit) : unit === name.length ? 0 : 0xffff, true);
  });
  return bytes;
}

function entry(alias: string, attribute: number, cluster: number, size: number, modified: number): Uint8Array {
  const bytes = new Uint8Array(entryBytes);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < 11; at++) bytes[at] = alias.charCodeAt(at);
  bytes[11] = attribute;
  const { date, time } = stamp(modified);
  for (const [place, value] of [[14, time] as const, [16, date] as const, [18, date] as const]) {
    view.setUint16(place, value, true);
  }
  view.setUint16(20, cluster >>> 16, true);
  view.setUint16(22, time, true);
  view.setUint16(24, date, true);
  view.setUint16(26, cluster & 0xffff, true);
  view.setUint32(28, size, true);
  return bytes;
}

const [firstDay, lastDay] = [Date.UTC(1980, 0, 1), Date.UTC(2107, 11, 31, 23, 59, 58)];

/** Even seconds, from 1980 to 2107. */
function stamp(modified: number): { readonly date: number; readonly time: number } {
  const when = new Date(Math.min(Math.max(modified, firstDay), lastDay));
  return {
    date: ((when.getUTCFullYear() - 1980) << 9) | ((when.getUTCMonth() + 1) << 5) | when.getUTCDate(),
    time: (when.getUTCHours() << 11) | (when.getUTCMinutes() << 5) | (when.getUTCSeconds() >> 1),
  };
}

export function readStamp(date: number, time: number): number {
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31];
  return Date.UTC(year, Math.max(0, month - 1), Math.max(1, day), time >> 11, (time >> 5) & 63, (time & 31) * 2);
}
