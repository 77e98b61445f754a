/**
 * A colour of the file, if it is one: a name or digits. Anything else that CSS takes where a colour stands (`url()`,
 * variables) is not for others to write into a picture.
 */
export function safeColor(color: string | undefined): string | undefined {
  const text = color?.trim() ?? '';
  return /^(#[0-9a-f]{3,8}|[a-z]{3,24}|rgba?\([\d\s.,%/]{5,40}\))$/i.test(text) ? text : undefined;
}

/** What can be read on a face of this colour; undefined: nobody knows, the theme's will have to do. */
export function readableOn(color: string): 'black' | 'white' | undefined {
  const rgb = channels(color);
  if (!rgb) return named.get(color.toLowerCase());
  const [r = 0, g = 0, b = 0] = rgb.map(value => (value / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? 'black' : 'white';
}

function channels(color: string): readonly number[] | undefined {
  const hex = /^#([0-9a-f]+)$/i.exec(color)?.[1];
  if (hex === undefined) {
    const numbers = /^rgba?\(/i.test(color) ? color.match(/[\d.]+/g) : null;
    return numbers?.slice(0, 3).map(Number);
  }
  const step = hex.length < 6 ? 1 : 2;
  return [0, 1, 2].map(index => {
    const digits = hex.slice(index * step, (index + 1) * step);
    return Number.parseInt(step === 1 ? digits + digits : digits, 16);
  });
}

/** Names that are in use in diagrams. */
const light =
  'white yellow pink lightyellow lightblue lightgreen lightgray lightgrey orange gold cyan lime beige ivory khaki';
const pale = 'lavender linen snow wheat silver skyblue lightpink lightcyan palegreen salmon tan plum violet azure aqua';
const dark =
  'black navy blue darkblue green darkgreen maroon purple indigo teal brown red darkred crimson gray grey dimgray';
const named = new Map<string, 'black' | 'white'>([
  ...`${light} ${pale}`.split(' ').map(name => [name, 'black'] as const),
  ...dark.split(' ').map(name => [name, 'white'] as const),
]);
