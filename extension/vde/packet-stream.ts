/** A frame that the switch's plugin `dump` told of. */
export interface SwitchFrame {
  readonly port: number;
  /** `in`: from the port into the switch. */
  readonly direction: 'in' | 'out';
  readonly bytes: Uint8Array;
}

export type PacketNews =
  /** The switch waits for a command. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly code: number; readonly text: string }
  | { readonly kind: 'frame'; readonly frame: SwitchFrame };

const newline = 0x0a;
/** No line of the plugin is longer: a frame of 64 KiB, three characters a byte. */
const longestLine = 256 * 1024;
/** The prompt has no newline after it, so that frames follow on its line. */
const prompts = /^(?:[A-Za-z_]{1,20}\$ )+/;

/**
 * A management connection on which `debug/add dump` was said: bytes in, frames out, cut anywhere. Frames come as text
 * (`3101 dump/packetin Pkt: Port 0001 len=0060 ff ff …`), megabytes a second of it, so it is not read by character.
 */
export class PacketStream {
  private rest: Uint8Array = new Uint8Array();

  push(bytes: Uint8Array): readonly PacketNews[] {
    const all = joined(this.rest, bytes);
    const news: PacketNews[] = [];
    let start = 0;
    for (let end = all.indexOf(newline); end >= 0; end = all.indexOf(newline, start)) {
      const one = readLine(all.subarray(start, end));
      if (one) news.push(one);
      start = end + 1;
    }
    const left = all.subarray(start);
    const isPrompt = left.length < 64 && /^(?:[A-Za-z_]{1,20}\$ )+$/.test(asciiOf(left));
    if (isPrompt) news.push({ kind: 'ready' });
    this.rest = isPrompt || left.length > longestLine ? new Uint8Array() : new Uint8Array(left);
    return news;
  }
}

function readLine(line: Uint8Array): PacketNews | undefined {
  const head = asciiOf(line.subarray(0, 96)).replace(prompts, '');
  const skipped = Math.min(line.length, 96) - head.length;
  const frame = /^3\d{3} dump\/packet(in|out) Pkt: Port (\d+) len=(\d+) /.exec(head);
  if (frame) {
    const [words, direction, port, length] = frame;
    const bytes = readHex(line, skipped + words.length, Number(length));
    // A line that was cut off, because the switch does not wait for slow readers.
    if (!bytes) return undefined;
    return { kind: 'frame', frame: { port: Number(port), direction: direction === 'in' ? 'in' : 'out', bytes } };
  }
  const [, code, text = ''] = /^([19]\d{3}) (.*)$/.exec(head.trimEnd()) ?? [];
  return code === undefined ? undefined : { kind: 'answer', code: Number(code), text };
}

/** `ff 00 …`: two digits and a blank for each byte. Undefined: there are not so many of them. */
function readHex(line: Uint8Array, start: number, length: number): Uint8Array | undefined {
  const written = line.length - start;
  if (written !== 3 * length && written !== 3 * length - 1) return undefined;
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) {
    const high = digit(line[start + 3 * at]);
    const low = digit(line[start + 3 * at + 1]);
    if (high < 0 || low < 0) return undefined;
    bytes[at] = high * 16 + low;
  }
  return bytes;
}

function digit(char = 0): number {
  if (char >= 0x30 && char <= 0x39) return char - 0x30;
  return char >= 0x61 && char <= 0x66 ? char - 0x57 : -1;
}

const asciiOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
