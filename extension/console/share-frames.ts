import { Utf8Decoder, encodeUtf8 } from './utf8.ts';

/** What processes that share a console say to each other. */
export type ShareFrame =
  /** Each side's first. */
  | { readonly kind: 'hello'; readonly pid: number; readonly program: string; readonly wants: Wants }
  /** To the owner: what was typed. From the owner: what was printed. */
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  /** From the owner: what somebody typed, no matter who, in its place among what was printed. */
  | { readonly kind: 'typed'; readonly bytes: Uint8Array }
  | { readonly kind: 'break' }
  /** Asks the owner to let go of the console's port. */
  | { readonly kind: 'yield' }
  /** From the owner: so many bytes were left out, because they were not taken in time. */
  | { readonly kind: 'skipped'; readonly bytes: number };

/**
 * What somebody needs from the owner: what is printed from now on (`data`), also what was printed last (`recent`), or
 * what is printed and typed from now on (`dialogue`). Whoever reads the console log needs nothing.
 */
export type Wants = (typeof wishes)[number];

const wishes = ['nothing', 'data', 'recent', 'dialogue'] as const;
// Others of another version may take part: what is new comes last, and only to who asks for it.
const kinds = ['hello', 'data', 'break', 'yield', 'skipped', 'typed'] as const;
const headLength = 5;
/** More than anybody of ours sends in one frame. */
const longest = 1024 * 1024;

/** One byte for the kind, four for the length, then that many. */
export function encodeFrame(frame: ShareFrame): Uint8Array {
  const body = bodyOf(frame);
  const bytes = new Uint8Array(headLength + body.length);
  bytes[0] = kinds.indexOf(frame.kind);
  new DataView(bytes.buffer).setUint32(1, body.length);
  bytes.set(body, headLength);
  return bytes;
}

/** Puts frames together again, wherever the stream is cut. */
export class FrameDecoder {
  private rest: Uint8Array = new Uint8Array(0);
  private hasFailed = false;

  /** The other side does not speak this protocol; nothing more will come out of it. */
  get isBroken(): boolean {
    return this.hasFailed;
  }

  push(bytes: Uint8Array): readonly ShareFrame[] {
    const frames: ShareFrame[] = [];
    const all = joined(this.rest, bytes);
    let at = 0;
    while (!this.hasFailed && all.length - at >= headLength) {
      const length = new DataView(all.buffer, all.byteOffset + at + 1, 4).getUint32(0);
      const kind = kinds[all[at] ?? kinds.length];
      if (kind === undefined || length > longest) this.hasFailed = true;
      if (kind === undefined || length > longest || all.length - at - headLength < length) break;
      const frame = readFrame(kind, all.subarray(at + headLength, at + headLength + length));
      if (frame) frames.push(frame);
      else this.hasFailed = true;
      at += headLength + length;
    }
    // A copy: the rest must not keep the whole piece alive.
    this.rest = this.hasFailed ? new Uint8Array(0) : all.slice(at);
    return frames;
  }
}

function bodyOf(frame: ShareFrame): Uint8Array {
  switch (frame.kind) {
    case 'data':
    case 'typed':
      return frame.bytes;
    case 'hello':
      return encodeUtf8(JSON.stringify({ pid: frame.pid, program: frame.program, wants: frame.wants }));
    case 'skipped':
      return encodeUtf8(String(frame.bytes));
    case 'break':
    case 'yield':
      return new Uint8Array(0);
  }
}

function readFrame(kind: ShareFrame['kind'], body: Uint8Array): ShareFrame | undefined {
  switch (kind) {
    case 'data':
    case 'typed':
      return { kind, bytes: body };
    case 'hello':
      return readHello(new Utf8Decoder().push(body));
    case 'skipped':
      return { kind, bytes: Number(new Utf8Decoder().push(body)) || 0 };
    case 'break':
    case 'yield':
      return { kind };
  }
}

function readHello(text: string): ShareFrame | undefined {
  const said = jsonOf(text);
  if (typeof said !== 'object' || said === null || !('pid' in said) || typeof said.pid !== 'number') return undefined;
  const program = 'program' in said && typeof said.program === 'string' ? said.program : '';
  const wish = 'wants' in said ? said.wants : undefined;
  return { kind: 'hello', pid: said.pid, program, wants: wishes.find(one => one === wish) ?? 'nothing' };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
