/**
 * Text and bytes of the guest's files. All of it is ASCII by construction, so that a room without TextEncoder
 * can write it; anything else is a bug and said at once.
 */
export function asciiBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) throw new RangeError(`Not ASCII at ${at}: ${text.slice(at, at + 20)}`);
    bytes[at] = code;
  }
  return bytes;
}

export function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
