const replacement = 0xfffd;

/**
 * Bytes of a terminal to text, character by character as they arrive: what is cut at the end of one piece goes on in
 * the next. Bad bytes become U+FFFD in the same number as TextDecoder gives (Unicode, "maximal subpart").
 * Ours because the pure rooms have no TextDecoder.
 */
export class Utf8Decoder {
  private point = 0;
  private missing = 0;
  private lowest = 0x80;
  private highest = 0xbf;

  push(bytes: Uint8Array): string {
    const points: number[] = [];
    for (const byte of bytes) this.next(byte, points);
    return textOf(points);
  }

  /** The end: a character that is still incomplete is a bad one. */
  end(): string {
    const isCut = this.missing > 0;
    this.reset();
    return isCut ? textOf([replacement]) : '';
  }

  private next(byte: number, points: number[]): void {
    if (this.missing === 0) {
      this.begin(byte, points);
    } else if (byte >= this.lowest && byte <= this.highest) {
      this.point = (this.point << 6) | (byte & 0x3f);
      this.missing -= 1;
      [this.lowest, this.highest] = [0x80, 0xbf];
      if (this.missing === 0) points.push(this.point);
    } else {
      this.reset();
      points.push(replacement);
      this.begin(byte, points);
    }
  }

  private begin(byte: number, points: number[]): void {
    if (byte < 0x80) points.push(byte);
    else if (byte >= 0xc2 && byte <= 0xdf) this.expect(1, byte & 0x1f);
    else if (byte >= 0xe0 && byte <= 0xef) this.expect(2, byte & 0x0f);
    else if (byte >= 0xf0 && byte <= 0xf4) this.expect(3, byte & 0x07);
    else points.push(replacement);
    // Shuts out overlong forms, surrogates and what lies past U+10FFFF (Unicode, table 3-7).
    if (byte === 0xe0) this.lowest = 0xa0;
    else if (byte === 0xed) this.highest = 0x9f;
    else if (byte === 0xf0) this.lowest = 0x90;
    else if (byte === 0xf4) this.highest = 0x8f;
  }

  private expect(missing: number, bits: number): void {
    this.missing = missing;
    this.point = bits;
  }

  private reset(): void {
    this.missing = 0;
    [this.lowest, this.highest] = [0x80, 0xbf];
  }
}

/** Text to bytes. A lone half of a surrogate pair becomes U+FFFD, as with TextEncoder. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const raw = character.codePointAt(0) ?? replacement;
    const point = raw >= 0xd800 && raw <= 0xdfff ? replacement : raw;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point));
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point));
  }
  return Uint8Array.from(bytes);
}

const tail = (bits: number): number => 0x80 | (bits & 0x3f);

/** In slices: a call with too many arguments overflows the stack. */
function textOf(points: readonly number[]): string {
  let text = '';
  for (let at = 0; at < points.length; at += 4096) text += String.fromCodePoint(...points.slice(at, at + 4096));
  return text;
}
