import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../extension/host/clock.ts';
import { TelnetDialer } from '../../extension/host/console-dialer.ts';
import { plainLine } from '../../extension/console/plain-lines.ts';
import { ConsoleSession } from '../../extension/runtime/console/console-session.ts';
import { withLine } from '../../extension/runtime/console/monitor-history.ts';
import { MonitorSession } from '../../extension/runtime/console/monitor-session.ts';
import { TestQemus, freePort } from '../support/console-qemu.ts';

const patience = { timeout: 120_000, interval: 20 };
const [up, down] = ['\u001b[A', '\u001b[B'];

let qemus: TestQemus;
let monitor: Monitor;

beforeEach(async () => {
  qemus = new TestQemus();
  monitor = new Monitor(await freePort());
});

afterEach(async () => {
  monitor.session.dispose();
  await qemus.stop();
});

/** The monitor of a real QEMU, as its terminal shows it. */
class Monitor {
  readonly port: number;
  lines: readonly string[] = [];
  readonly session: MonitorSession;
  private text = '';

  constructor(port: number) {
    this.port = port;
    this.session = new MonitorSession(new ConsoleSession(new TelnetDialer(), systemClock, port), {
      all: () => this.lines,
      add: line => (this.lines = withLine(this.lines, line)),
    });
    this.session.onData(bytes => (this.text += new TextDecoder().decode(bytes)));
    this.session.open();
  }

  /** A QEMU begins, the first or another one. */
  async begin(): Promise<void> {
    this.text = '';
    qemus.monitor(this.port);
    await this.shows('(qemu)');
  }

  type(text: string): void {
    this.session.write(new TextEncoder().encode(text));
  }

  /** Types a line, as QEMU shows it, and waits for the next prompt. */
  async run(line: string): Promise<void> {
    for (const key of line) this.type(key);
    await this.shows(`(qemu) ${line}`);
    this.type('\r');
    await this.shows('(qemu)');
  }

  /** The line with the cursor becomes this. */
  async shows(line: string): Promise<void> {
    const now = (): string => plainLine(this.text.slice(this.text.lastIndexOf('\n') + 1)).trimEnd();
    await expect.poll(now, patience).toBe(line);
  }

  printed(text: string | RegExp): Promise<void> {
    return expect.poll(() => this.text, patience).toMatch(text);
  }
}

test('a monitor’s lines are found again in the next QEMU, and what was begun is not lost', async () => {
  await monitor.begin();
  await monitor.run('info version');
  await monitor.run('info status');
  await qemus.stopAll();
  await monitor.begin();

  for (const key of 'print') monitor.type(key);
  await monitor.shows('(qemu) print');
  monitor.type(up);
  await monitor.shows('(qemu) info status');
  monitor.type(up);
  await monitor.shows('(qemu) info version');
  monitor.type(up);
  monitor.type(down);
  await monitor.shows('(qemu) info status');
  monitor.type(down);
  await monitor.shows('(qemu) print');
  monitor.type(up);
  await monitor.shows('(qemu) info status');
  monitor.type('\r');

  await monitor.printed(/VM status: /);
  expect(monitor.lines).toEqual(['info status', 'info version']);
});

test('a line is taken back whole, also where QEMU has not shown all of it or the cursor is in its middle', async () => {
  monitor.lines = ['info version'];
  await monitor.begin();

  monitor.type('not echoed ye');
  monitor.type('t');
  monitor.type(up);
  await monitor.shows('(qemu) info version');
  monitor.type(down);
  monitor.type('\u001b[D\u001b[D');
  monitor.type('\u0010');

  await monitor.shows('(qemu) info version');
});

test('Tab completes as QEMU does, and what it lists is no line that was run', async () => {
  await monitor.begin();

  monitor.type('info versi\t');
  await monitor.shows('(qemu) info version');
  monitor.type('\r');
  await monitor.printed(/\n7\.\d|\n\d+\.\d+\.\d+/);
  await monitor.shows('(qemu)');
  monitor.type('info s\t');
  await monitor.printed(/snapshots/);
  await monitor.shows('(qemu) info s');
  monitor.type('tatus\r');
  await monitor.printed(/VM status: /);

  expect(monitor.lines).toEqual(['info status', 'info version']);
});

test('without lines of ours the keys are QEMU’s', async () => {
  await monitor.begin();
  await monitor.run('info version');
  monitor.lines = [];

  monitor.type(up);

  await monitor.shows('(qemu) info version');
});
