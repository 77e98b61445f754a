import { expect, test } from 'vitest';
import { Emitter } from '../../../extension/base/emitter.ts';
import type { ByteSession } from '../../../extension/runtime/console/byte-session.ts';
import type { ConsoleState } from '../../../extension/runtime/console/console-state.ts';
import { withLine } from '../../../extension/runtime/console/monitor-history.ts';
import { MonitorSession } from '../../../extension/runtime/console/monitor-session.ts';

const prompt = '(qemu) ';
const [up, down, end, backspace] = ['\u001b[A', '\u001b[B', '\u0005', '\u007f'];

/** QEMU's line editing as far as it is used here, byte by byte; it takes what was typed when the test says so. */
class SlowMonitor implements ByteSession {
  readonly state: ConsoleState = { kind: 'connected' };
  private readonly data = new Emitter<Uint8Array>();
  readonly onData = this.data.event;
  readonly onDidChangeState = new Emitter<ConsoleState>().event;
  line = '';
  private waiting = '';

  open(): void {
    this.print(prompt);
  }

  write(bytes: Uint8Array): boolean {
    this.waiting += Buffer.from(bytes).toString('latin1');
    return true;
  }

  /** Takes so many of the keys that wait, and shows what comes of them. */
  take(keys = this.waiting.length): void {
    const taken = this.waiting.slice(0, keys);
    this.waiting = this.waiting.slice(keys);
    for (const key of taken) this.press(key);
  }

  retryNow(): void {
    throw new Error('It is connected');
  }

  dispose(): void {
    this.data.dispose();
  }

  private press(key: string): void {
    if (key === end) return;
    if (key === '\r') {
      this.print(`\r\n${prompt}`);
      this.line = '';
    } else if (key === backspace) {
      if (this.line !== '') this.print('\b\u001b[K');
      this.line = this.line.slice(0, -1);
    } else {
      this.print(key);
      this.line += key;
    }
  }

  private print(text: string): void {
    this.data.fire(Uint8Array.from(Buffer.from(text, 'latin1')));
  }
}

function open(lines: readonly string[]) {
  const monitor = new SlowMonitor();
  let known = lines;
  const session = new MonitorSession(monitor, { all: () => known, add: line => (known = withLine(known, line)) });
  session.open();
  const type = (text: string): boolean => session.write(new TextEncoder().encode(text));
  return { monitor, type, lines: () => known };
}

test.each([0, 1, 7, 13, 14])('Up takes back all of a line of which QEMU has shown %d letters', shown => {
  const { monitor, type } = open(['info version']);
  type('not echoed yet');
  monitor.take(shown);

  type(up);
  monitor.take(shown);
  type(down);
  type(up);
  monitor.take();
  expect(monitor.line).toBe('info version');

  type(down);
  monitor.take();
  expect(monitor.line).toBe('not echoed yet');
});

test('Up and Down take back what they brought, however little of it QEMU has shown', () => {
  const { monitor, type } = open(['stop', 'info version', 'info status']);
  for (const key of [up, up, up, down]) {
    type(key);
    monitor.take(3);
  }
  monitor.take();

  expect(monitor.line).toBe('info version');
});

test('a line that is begun before QEMU has taken Enter is taken back too', () => {
  const { monitor, type, lines } = open(['info version']);
  for (const key of 'stop\r') type(key);
  monitor.take(2);
  type('con');
  monitor.take(4);

  type(up);
  monitor.take();

  expect(monitor.line).toBe('stop');
  expect(lines()).toEqual(['stop', 'info version']);
});

test('a line with other letters than those of ASCII is taken back byte by byte', () => {
  const { monitor, type } = open(['stop', 'migrate exec:größe']);
  type(up);
  type(up);
  type(up);
  type(down);
  monitor.take();

  expect(monitor.line).toBe('stop');
});
