/** One frame, as it was on the wire. */
export interface Frame {
  /** Microseconds since 1970. */
  readonly time: number;
  readonly bytes: Uint8Array;
  /** Length on the wire; longer than `bytes` if whoever captured it cut it off. */
  readonly length: number;
}

const magic = 0xa1b2c3d4;
const nanosecondMagic = 0xa1b23c4d;
const headerBytes = 24;
const recordBytes = 16;
/** Longest frame that a reader has to expect (`snaplen`); also what QEMU writes. */
const longestFrame = 65_536;
const ethernet = 1;
const microseconds = 1_000_000;

/** The 24 bytes with which a pcap file of Ethernet frames begins (version 2.4, times in microseconds). */
export function pcapHeader(): Uint8Array {
  const view = new DataView(new ArrayBuffer(headerBytes));
  view.setUint32(0, magic, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, longestFrame, true);
  view.setUint32(20, ethernet, true);
  return new Uint8Array(view.buffer);
}

/** A frame as a record of a pcap file. */
export function pcapRecord({ time, bytes, length }: Frame): Uint8Array {
  const record = new Uint8Array(recordBytes + bytes.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, Math.floor(time / microseconds), true);
  view.setUint32(4, Math.floor(time % microseconds), true);
  view.setUint32(8, bytes.length, true);
  view.setUint32(12, length, true);
  record.set(bytes, recordBytes);
  return record;
}

/** Somebody gave us something else than a pcap file of Ethernet frames. */
export class PcapError extends Error {}

/** Reads a pcap file of either byte order, cut anywhere. */
export class PcapReader {
  private rest: Uint8Array = new Uint8Array();
  private format: { readonly isLittle: boolean; readonly perMicrosecond: number } | undefined;

  /** Throws a PcapError if it is no pcap file; nothing can be read after that. */
  push(bytes: Uint8Array): readonly Frame[] {
    const all = this.rest.length === 0 ? bytes : concat(this.rest, bytes);
    const view = new DataView(all.buffer, all.byteOffset, all.length);
    let at = 0;
    if (!this.format) {
      if (all.length < headerBytes) {
        this.rest = all;
        return [];
      }
      this.format = readHeader(view);
      at = headerBytes;
    }
    const { isLittle, perMicrosecond } = this.format;
    const frames: Frame[] = [];
    while (at + recordBytes <= all.length) {
      const kept = view.getUint32(at + 8, isLittle);
      if (kept > longestFrame * 4) throw new PcapError(`a frame of ${kept} bytes: the file is damaged`);
      const end = at + recordBytes + kept;
      if (end > all.length) break;
      const fraction = Math.floor(view.getUint32(at + 4, isLittle) / perMicrosecond);
      const time = view.getUint32(at, isLittle) * microseconds + fraction;
      // A copy, so that a frame that is kept does not keep all that came with it. (slice of Node's buffers makes none.)
      const frame = new Uint8Array(all.subarray(at + recordBytes, end));
      frames.push({ time, bytes: frame, length: view.getUint32(at + 12, isLittle) });
      at = end;
    }
    this.rest = new Uint8Array(all.subarray(at));
    return frames;
  }
}

function readHeader(view: DataView): { readonly isLittle: boolean; readonly perMicrosecond: number } {
  const isLittle = [magic, nanosecondMagic].includes(view.getUint32(0, true));
  const found = view.getUint32(0, isLittle);
  if (found !== magic && found !== nanosecondMagic) throw new PcapError('it is no pcap file');
  const link = view.getUint32(20, isLittle) & 0xffff;
  if (link !== ethernet) throw new PcapError(`its frames are no Ethernet (link type ${link})`);
  return { isLittle, perMicrosecond: found === magic ? 1 : 1000 };
}

function concat(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
