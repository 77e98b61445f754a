import type { Box, Point, Polyline } from '../picture.ts';

/** Shapes as SVG path data. Numbers have two digits after the point at most. */
const n = (value: number): string => String(Math.round(value * 100) / 100);
const at = ({ x, y }: Point): string => `${n(x)} ${n(y)}`;

export const polygon = (points: Polyline): string => `${open(points)}Z`;

export const open = (points: Polyline): string =>
  points.map((point, index) => `${index === 0 ? 'M' : 'L'}${at(point)}`).join('');

export const rectangle = ({ left, top, right, bottom }: Box): string =>
  `M${n(left)} ${n(top)}H${n(right)}V${n(bottom)}H${n(left)}Z`;

export function rounded(box: Box, wanted: number): string {
  const { left, top, right, bottom } = box;
  const r = Math.min(wanted, (right - left) / 2, (bottom - top) / 2);
  const arc = (x: number, y: number): string => `A${n(r)} ${n(r)} 0 0 1 ${n(x)} ${n(y)}`;
  return [
    `M${n(left + r)} ${n(top)}H${n(right - r)}${arc(right, top + r)}V${n(bottom - r)}${arc(right - r, bottom)}`,
    `H${n(left + r)}${arc(left, bottom - r)}V${n(top + r)}${arc(left + r, top)}Z`,
  ].join('');
}

export function ellipse({ x, y }: Point, rx: number, ry = rx): string {
  const arc = (toX: number): string => `A${n(rx)} ${n(ry)} 0 0 1 ${n(toX)} ${n(y)}`;
  return `M${n(x - rx)} ${n(y)}${arc(x + rx)}${arc(x - rx)}Z`;
}

/** Standing, with the rim of its lid as a second path. */
export function cylinder(box: Box, lid: number): readonly [body: string, rim: string] {
  const { left, top, right, bottom } = box;
  const rx = n((right - left) / 2);
  const rim = `A${rx} ${n(lid)} 0 0 0 ${n(right)} ${n(top + lid)}`;
  const body = `A${rx} ${n(lid)} 0 0 1 ${n(right)} ${n(top + lid)}V${n(bottom - lid)}A${rx} ${n(lid)} 0 0 1 ${n(left)} ${n(bottom - lid)}Z`;
  return [`M${n(left)} ${n(top + lid)}${body}`, `M${n(left)} ${n(top + lid)}${rim}`];
}

/** A pipe with round ends, and the rim of its open right end. */
export function pipe(left: number, right: number, y: number, radius: number): readonly [body: string, cap: string] {
  const arc = (x: number, toY: number): string => `A${n(radius / 2)} ${n(radius)} 0 0 1 ${n(x)} ${n(toY)}`;
  const body = `M${n(left)} ${n(y - radius)}H${n(right)}${arc(right, y + radius)}H${n(left)}${arc(left, y - radius)}Z`;
  return [body, ellipse({ x: right, y }, radius / 2, radius)];
}

/** Seven arcs around the box. */
export function cloud({ left, top, right, bottom }: Box): string {
  const [w, h] = [right - left, bottom - top];
  const p = (x: number, y: number): string => `${n(left + x * w)} ${n(top + y * h)}`;
  const arc = (rx: number, ry: number, x: number, y: number): string => `A${n(rx * w)} ${n(ry * h)} 0 0 1 ${p(x, y)}`;
  return [
    `M${p(0.16, 0.86)}`,
    arc(0.16, 0.26, 0.12, 0.37),
    arc(0.18, 0.3, 0.36, 0.17),
    arc(0.19, 0.24, 0.68, 0.13),
    arc(0.17, 0.26, 0.9, 0.38),
    arc(0.15, 0.26, 0.86, 0.86),
    'Z',
  ].join('');
}

const jumpRadius = 7;

/** A line that jumps over what it crosses at these heights on its way down, as half circles that bulge to the right. */
export function jumping(line: Polyline, jumps: readonly number[]): string {
  const parts = [open(line.slice(0, 1))];
  for (const [index, to] of line.slice(1).entries()) {
    const from = line[index];
    if (from?.x === to.x) parts.push(...jumpsBetween(from, to, jumps));
    parts.push(`L${at(to)}`);
  }
  return parts.join('');
}

function jumpsBetween({ x, y }: Point, to: Point, jumps: readonly number[]): readonly string[] {
  const down = Math.sign(to.y - y);
  const sweep = down > 0 ? 1 : 0;
  return jumps
    .filter(jump => Math.min(y, to.y) + jumpRadius < jump && jump < Math.max(y, to.y) - jumpRadius)
    .sort((a, b) => (a - b) * down)
    .map(jump => {
      const end = n(jump + jumpRadius * down);
      return `V${n(jump - jumpRadius * down)}A${jumpRadius} ${jumpRadius} 0 0 ${sweep} ${n(x)} ${end}`;
    });
}
