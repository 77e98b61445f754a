import type { Box } from '../picture.ts';

/** Small drawings of our own in strokes, each in a square of 24. */
const icons = {
  router:
    'M3 12A9 9 0 0 1 21 12A9 9 0 0 1 3 12ZM12 10V5.5M10 7.3L12 5.3L14 7.3M12 14V18.5M10 16.7L12 18.7L14 16.7M5 12H9.5M7.7 10.2L9.5 12L7.7 13.8M19 12H14.5M16.3 10.2L14.5 12L16.3 13.8',
  firewall:
    'M3 4.5H21V19.5H3ZM3 9.5H21M3 14.5H21M9 4.5V9.5M15 4.5V9.5M6 9.5V14.5M12 9.5V14.5M18 9.5V14.5M9 14.5V19.5M15 14.5V19.5',
  switch: 'M2 7H22V17H2ZM5.5 10.5H12M10 8.8L12 10.5L10 12.2M18.5 13.5H12M14 11.8L12 13.5L14 15.2',
  person: 'M8.5 7.5A3.5 3.5 0 0 1 15.5 7.5A3.5 3.5 0 0 1 8.5 7.5ZM4.5 20.5C4.5 11.5 19.5 11.5 19.5 20.5Z',
  antenna:
    'M12 12V21M10.5 10.5A1.5 1.5 0 0 1 13.5 10.5A1.5 1.5 0 0 1 10.5 10.5ZM8 14.5A5.5 5.5 0 0 1 8 6.5M16 6.5A5.5 5.5 0 0 1 16 14.5M5 17A9 9 0 0 1 5 4M19 4A9 9 0 0 1 19 17',
  server: 'M6 2.5H18V21.5H6ZM9 6.5H15M9 10H15M11.5 17.5H12.5',
  screen: 'M3 4H21V16H3ZM12 16V20M8 20H16',
  phone: 'M8 2.5H16V21.5H8ZM8 5.5H16M8 18H16',
} as const;

export type IconName = keyof typeof icons;

/** The drawing in this square. */
export function icon(name: IconName, { left, top, right }: Box): string {
  const scale = (right - left) / 24;
  return icons[name].replaceAll(/([A-Y])([\d. ]+)/g, (_, command: string, numbers: string) => {
    const values = numbers.trim().split(' ').map(Number);
    const placed = values.map((value, index) => {
      const axis = axisOf(command, index);
      if (axis === 'none') return value;
      const offset = { x: left, y: top, length: 0 }[axis];
      return Math.round((value * scale + offset) * 100) / 100;
    });
    return `${command}${placed.join(' ')}`;
  });
}

/** What a number of a path command is; of an arc come two radii, an angle and two flags first. */
function axisOf(command: string, index: number): 'x' | 'y' | 'length' | 'none' {
  if (command === 'A' && index < 5) return index < 2 ? 'length' : 'none';
  if (command === 'H') return 'x';
  if (command === 'V') return 'y';
  return (command === 'A' ? index - 5 : index) % 2 === 0 ? 'x' : 'y';
}
