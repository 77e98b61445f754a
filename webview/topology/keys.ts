import type { PictureOrder } from '../protocol.ts';
import type { Direction } from './navigation.ts';

/** What a key does in the picture. */
export type KeyAction =
  | { readonly kind: 'walk'; readonly direction: Direction; readonly isAdding: boolean }
  | { readonly kind: 'pan'; readonly dx: number; readonly dy: number }
  | { readonly kind: 'step'; readonly rows: number }
  | { readonly kind: 'zoom'; readonly isIn: boolean }
  | { readonly kind: 'order'; readonly order: PictureOrder }
  | { readonly kind: 'fit' | 'find' | 'open' | 'clear' | 'toggle' | 'reach' | 'map' };

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};
const panStep = 80;
const pans: Readonly<Record<Direction, readonly [dx: number, dy: number]>> = {
  up: [0, panStep],
  down: [0, -panStep],
  left: [panStep, 0],
  right: [-panStep, 0],
};
const steps: Readonly<Record<string, number>> = { Home: -Infinity, End: Infinity, PageUp: -1, PageDown: 1 };
const plain: Readonly<Record<string, KeyAction>> = {
  '+': { kind: 'zoom', isIn: true },
  '=': { kind: 'zoom', isIn: true },
  '-': { kind: 'zoom', isIn: false },
  '0': { kind: 'fit' },
  r: { kind: 'reach' },
  m: { kind: 'map' },
  Enter: { kind: 'open' },
  Escape: { kind: 'clear' },
};
const orders: Readonly<Record<string, PictureOrder>> = {
  Insert: 'addVm',
  'Shift Insert': 'addSwitch',
  F2: 'rename',
  Delete: 'deleteFromLab',
  c: 'connectNic',
  g: 'groupVms',
  p: 'pin',
  'Shift P': 'unpin',
  'Ctrl z': 'undo',
  'Ctrl Shift Z': 'redo',
  'Ctrl y': 'redo',
};

/**
 * `hasFocus`: a thing of the picture has the focus, so that arrow keys walk from it; else, and with Ctrl, they move the
 * picture. Undefined: not ours.
 */
export function actionOf(event: Key, hasFocus: boolean): KeyAction | undefined {
  const { ctrlKey, metaKey, altKey, shiftKey } = event;
  const pressed = { key: letterOf(event), ctrlKey, metaKey, altKey, shiftKey };
  return orderOf(pressed) ?? lookOf(pressed, hasFocus);
}

/** As it is without Caps Lock. */
const letterOf = ({ key, shiftKey }: Key): string =>
  key.length > 1 ? key : shiftKey ? key.toUpperCase() : key.toLowerCase();

function orderOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Key): KeyAction | undefined {
  const held = [...(ctrlKey || metaKey ? ['Ctrl'] : []), ...(altKey ? ['Alt'] : []), ...(shiftKey ? ['Shift'] : [])];
  const order = orders[[...held, key].join(' ')];
  return order && { kind: 'order', order };
}

function lookOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Key, hasFocus: boolean): KeyAction | undefined {
  const isCommand = ctrlKey || metaKey;
  if (isCommand && key.toLowerCase() === 'f') return { kind: 'find' };
  if (isCommand && key === ' ') return { kind: 'toggle' };
  if (altKey) return undefined;
  const direction = arrows[key];
  if (direction && (isCommand || !hasFocus)) {
    const [dx, dy] = pans[direction];
    return { kind: 'pan', dx, dy };
  }
  if (isCommand) return undefined;
  if (direction) return { kind: 'walk', direction, isAdding: shiftKey };
  const rows = steps[key];
  if (rows !== undefined) return { kind: 'step', rows };
  return plain[key];
}
