import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fitted,
  panned,
  revealing,
  toPicture,
  toScreen,
  visibleBox,
  zoomed,
  type Viewport,
} from '../../../webview/topology/viewport.ts';

const screen = { width: 800, height: 600 };
const at = fc.record({ x: fc.integer({ min: -900, max: 900 }), y: fc.integer({ min: -900, max: 900 }) });
const viewports = fc.record({
  x: fc.integer({ min: -5000, max: 5000 }),
  y: fc.integer({ min: -5000, max: 5000 }),
  scale: fc.double({ min: 0.05, max: 4, noNaN: true }),
});

describe('the part of a picture that is on the screen', () => {
  test('is all of it after a fit, in the middle, and never blown up much', () => {
    const sizes = fc.record({
      width: fc.integer({ min: 1, max: 20_000 }),
      height: fc.integer({ min: 1, max: 20_000 }),
    });
    fc.assert(
      fc.property(sizes, size => {
        const viewport = fitted(size, screen);
        const { left, top, right, bottom } = visibleBox(viewport, screen);
        expect(left).toBeLessThanOrEqual(0);
        expect(top).toBeLessThanOrEqual(0);
        expect(right).toBeGreaterThanOrEqual(size.width);
        expect(bottom).toBeGreaterThanOrEqual(size.height);
        expect(left + right).toBeCloseTo(size.width, 3);
        expect(viewport.scale).toBeLessThan(1.5);
      }),
    );
  });

  test('keeps the place under the pointer where it is when it is zoomed', () => {
    fc.assert(
      fc.property(viewports, at, fc.double({ min: 0.2, max: 5, noNaN: true }), (viewport, pointer, factor) => {
        const place = toPicture(viewport, pointer);
        const after = toScreen(zoomed(viewport, factor, pointer), place);
        expect(after.x).toBeCloseTo(pointer.x, 4);
        expect(after.y).toBeCloseTo(pointer.y, 4);
      }),
    );
  });

  test('cannot be pushed off the screen', () => {
    const size = { width: 1000, height: 400 };
    const far = panned({ x: 0, y: 0, scale: 1 }, 1e6, -1e6, size, screen);
    const corner = toScreen(far, { x: 0, y: size.height });

    expect(corner.x).toBeLessThan(screen.width);
    expect(corner.y).toBeGreaterThan(0);
  });

  test('moves as little as is needed to show a thing, and comes near enough to read it', () => {
    const box = { left: 2000, top: 100, right: 2100, bottom: 140 };
    const near: Viewport = { x: 0, y: 0, scale: 1 };
    const shown = revealing(near, box, screen, 0.6);

    expect(revealing(shown, box, screen, 0.6)).toEqual(shown);
    expect(shown.y).toBe(0);
    expect(toScreen(shown, { x: 2100, y: 0 }).x).toBeLessThanOrEqual(screen.width);
    expect(revealing({ x: 0, y: 0, scale: 0.1 }, box, screen, 0.6).scale).toBeCloseTo(0.6);
  });
});
