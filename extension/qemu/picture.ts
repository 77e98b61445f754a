/** Rows of pixels from the top, three bytes each: red, green, blue. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Reads QEMU's screendump: PPM, binary, eight bits a colour. Undefined: it is something else, or not all there. */
export function readPpm(bytes: Uint8Array): Picture | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 40));
  const [whole, width = '', height = ''] = /^P6\s+(\d{1,5})\s+(\d{1,5})\s+255\s/.exec(head) ?? [];
  if (whole === undefined) return undefined;
  const size = Number(width) * Number(height) * 3;
  const pixels = bytes.subarray(whole.length, whole.length + size);
  return size === 0 || pixels.length < size ? undefined : { width: Number(width), height: Number(height), pixels };
}

/** Smaller by a whole number until it fits; each pixel is the mean of those that it stands for. */
export function shrink(picture: Picture, maxWidth: number, maxHeight: number): Picture {
  const factor = Math.ceil(Math.max(picture.width / maxWidth, picture.height / maxHeight, 1));
  if (factor === 1) return picture;
  const width = Math.max(1, Math.floor(picture.width / factor));
  const height = Math.max(1, Math.floor(picture.height / factor));
  const pixels = new Uint8Array(width * height * 3);
  const reach = { x: Math.min(factor, picture.width), y: Math.min(factor, picture.height) };
  for (let y = 0; y < height; y += 1) {
    for (let at = 0; at < width * 3; at += 1) {
      const x = Math.floor(at / 3);
      pixels[y * width * 3 + at] = mean(picture, (y * factor * picture.width + x * factor) * 3 + (at % 3), reach);
    }
  }
  return { width, height, pixels };
}

function mean({ width, pixels }: Picture, first: number, reach: { readonly x: number; readonly y: number }): number {
  let sum = 0;
  for (let row = 0; row < reach.y; row += 1) {
    const start = first + row * width * 3;
    for (let column = 0; column < reach.x; column += 1) sum += pixels[start + column * 3] ?? 0;
  }
  return Math.round(sum / (reach.x * reach.y));
}

/** A PNG file (ISO/IEC 15948). `deflate` compresses with a zlib header; this room has no platform to do so. */
export function writePng(picture: Picture, deflate: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const { width, height } = picture;
  const eightBitRgb = [8, 2, 0, 0, 0];
  return concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', Uint8Array.of(...number32(width), ...number32(height), ...eightBitRgb)),
    chunk('IDAT', deflate(filtered(picture))),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Each row as differences to the one above (filter 2): screens are full of rows that are alike. */
function filtered({ width, height, pixels }: Picture): Uint8Array {
  const stride = width * 3;
  const rows = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y += 1) {
    rows[y * (stride + 1)] = 2;
    for (let at = 0; at < stride; at += 1) {
      const above = y === 0 ? 0 : (pixels[(y - 1) * stride + at] ?? 0);
      rows[y * (stride + 1) + 1 + at] = (pixels[y * stride + at] ?? 0) - above;
    }
  }
  return rows;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat([Uint8Array.from(type, char => char.charCodeAt(0)), data]);
  return concat([Uint8Array.of(...number32(data.length)), body, Uint8Array.of(...number32(crc32(body)))]);
}

const number32 = (value: number): readonly number[] => [24, 16, 8, 0].map(shift => (value >>> shift) & 0xff);

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
