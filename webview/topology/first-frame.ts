import { afterFrame } from './after-frame.ts';

const names = { began: 'picture: script', heard: 'picture: heard', painted: 'picture: first frame' } as const;

/**
 * How long it takes until the first picture is seen, as marks and measures of the browser: Chromium's tools show them, and
 * `test/bench/first-paint.ts` reads them. A measure begins where the script did, another where the picture was heard of.
 */
export class FirstFrame {
  private isHeard = false;
  private isDrawn = false;

  constructor() {
    performance.mark(names.began);
  }

  /** The first picture has come. */
  heard(): void {
    if (!this.isHeard) performance.mark(names.heard);
    this.isHeard = true;
  }

  /** A picture comes with the next frame. */
  drawn(): void {
    if (this.isDrawn) return;
    this.isDrawn = true;
    afterFrame(() => this.painted());
  }

  private painted(): void {
    performance.measure(names.painted, names.began);
    performance.measure(`${names.painted} after it was heard of`, names.heard);
  }
}
