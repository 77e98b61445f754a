/** One value in a packet, and where it stands in the frame. */
export interface Field {
  readonly name: string;
  readonly value: string;
  readonly offset: number;
  readonly length: number;
}

/** One protocol of a packet. */
export interface Layer {
  readonly name: string;
  readonly offset: number;
  readonly fields: readonly Field[];
}

/** A packet as a line of a list, and in detail. */
export interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly info: string;
  readonly layers: readonly Layer[];
}

/** The frame ends where more was to come. */
class CutOff extends Error {}

/** A piece of a frame. Reading beyond its end throws, which ends the decoding of the frame in good order. */
export class Bytes {
  private readonly view: DataView;
  /** Where this piece begins in the frame. */
  readonly offset: number;
  readonly length: number;

  constructor(bytes: Uint8Array, offset = 0, length = bytes.length - offset) {
    this.view = new DataView(
      bytes.buffer,
      bytes.byteOffset + offset,
      Math.max(0, Math.min(length, bytes.length - offset)),
    );
    this.offset = offset;
    this.length = this.view.byteLength;
  }

  u8(at: number): number {
    this.need(at, 1);
    return this.view.getUint8(at);
  }

  u16(at: number): number {
    this.need(at, 2);
    return this.view.getUint16(at);
  }

  u32(at: number): number {
    this.need(at, 4);
    return this.view.getUint32(at);
  }

  /** From `at` on, at most `length` bytes. */
  from(at: number, length = this.length - at): Bytes {
    const all = new Uint8Array(this.view.buffer, this.view.byteOffset - this.offset, this.offset + this.length);
    const start = Math.min(Math.max(0, at), this.length);
    return new Bytes(all, this.offset + start, Math.max(0, Math.min(length, this.length - start)));
  }

  mac(at: number): string {
    return this.hex(at, 6, ':');
  }

  hex(at: number, length: number, between = ''): string {
    this.need(at, length);
    return Array.from({ length }, (_, i) =>
      this.u8(at + i)
        .toString(16)
        .padStart(2, '0'),
    ).join(between);
  }

  ipv4(at: number): string {
    return [0, 1, 2, 3].map(i => this.u8(at + i)).join('.');
  }

  /** As RFC 5952 wants it: the longest run of zeros is left out. */
  ipv6(at: number): string {
    const groups = Array.from({ length: 8 }, (_, i) => this.u16(at + 2 * i).toString(16));
    const runs = groups.map((_, start) => groups.slice(start).findIndex(group => group !== '0'));
    const lengths = runs.map((length, start) => (length < 0 ? groups.length - start : length));
    const longest = Math.max(...lengths);
    if (longest < 2) return groups.join(':');
    const start = lengths.indexOf(longest);
    return `${groups.slice(0, start).join(':')}::${groups.slice(start + longest).join(':')}`;
  }

  /** Printable ASCII; everything else becomes a dot. */
  text(at: number, length: number): string {
    this.need(at, length);
    return Array.from({ length }, (_, i) => printable(this.u8(at + i))).join('');
  }

  private need(at: number, length: number): void {
    if (at < 0 || at + length > this.length) throw new CutOff();
  }
}

const printable = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

/** What decoders write into: every protocol says it better than the one around it. */
export class PacketDraft {
  source = '';
  destination = '';
  protocol = 'Ethernet';
  info = '';
  readonly layers: { readonly name: string; readonly offset: number; readonly fields: Field[] }[] = [];

  layer(name: string, bytes: Bytes): Add {
    const fields: Field[] = [];
    this.layers.push({ name, offset: bytes.offset, fields });
    return (label, value, at = 0, length = 0) => {
      // Lengths are what the guest says they are.
      const start = Math.min(at, bytes.length);
      const offset = bytes.offset + start;
      fields.push({ name: label, value: String(value), offset, length: Math.min(length, bytes.length - start) });
    };
  }

  /** Runs a decoder; a frame that ends too early is said to, and what was read of it stays. */
  decode(decode: () => void): Packet {
    try {
      decode();
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
      this.info = this.info === '' ? 'cut off' : `${this.info} (cut off)`;
    }
    const { source, destination, protocol, info, layers } = this;
    return { source, destination, protocol, info, layers };
  }
}

/** Adds a field: its name and value, and where it stands in the layer. */
export type Add = (name: string, value: string | number, at?: number, length?: number) => void;
