import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogStream, type ConsoleLoss } from '../../../extension/runtime/console/console-log-stream.ts';
import { settle } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeLog, FakeLogFile } from '../../support/fake-log.ts';

class Reader {
  readonly clock: FakeClock;
  readonly stream: LogStream;
  readonly losses: ConsoleLoss[] = [];
  readonly log: FakeLog;
  isGivenUp = false;
  seen = '';

  constructor(file: FakeLogFile, isComplete = false, clock = new FakeClock()) {
    this.clock = clock;
    this.log = new FakeLog(file);
    const events = {
      data: (bytes: Uint8Array) => (this.seen += new TextDecoder().decode(bytes)),
      lost: (loss: ConsoleLoss) => this.losses.push(loss),
      failed: () => (this.isGivenUp = true),
    };
    this.stream = new LogStream(this.log, clock, events, { isComplete });
  }

  async start(from?: number): Promise<this> {
    await this.stream.start(from);
    await this.pass(20);
    return this;
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 5) {
      this.clock.advance(Math.min(left, 5));
      await settle();
    }
  }
}

const big = (bytes: number): string => 'x'.repeat(bytes);

test('gives what comes from now on', async () => {
  const file = new FakeLogFile('past ');
  const reader = await new Reader(file).start();

  file.append('present');
  await settle();

  expect(reader.seen).toBe('present');
});

test('goes on right behind the history, also if something came in between', async () => {
  const file = new FakeLogFile('0123456789');
  const reader = new Reader(file);

  const history = await reader.stream.history(4);
  file.append('ab');
  await reader.start();

  expect([new TextDecoder().decode(history?.bytes), history?.isCut, reader.seen]).toEqual(['6789', true, 'ab']);
});

test('a history that is all there is is not cut, and one of a missing log is none', async () => {
  const whole = await new Reader(new FakeLogFile('abc')).stream.history(100);

  expect(whole?.isCut).toBe(false);
  expect(await new Reader(new FakeLogFile()).stream.history(100)).toBeUndefined();
});

test('a log that comes into being later is read from its beginning', async () => {
  const file = new FakeLogFile();
  const reader = await new Reader(file).start();

  file.append('first');
  reader.stream.look();
  await reader.pass(20);

  expect(reader.seen).toBe('first');
});

test('a log that was put aside is read to its end, and then the new one', async () => {
  const file = new FakeLogFile('');
  const reader = await new Reader(file).start();
  file.append('old');
  file.renew();
  file.append('new');

  await reader.pass(100);

  expect([reader.seen, reader.losses]).toEqual(['oldnew', []]);
});

test('a log that was cut is read from its beginning, and the loss is told', async () => {
  const file = new FakeLogFile('');
  const reader = await new Reader(file).start();
  file.append('0123456789');
  await reader.pass(50);

  file.cut(2);
  await reader.pass(50);

  expect([reader.seen, reader.losses]).toEqual(['012345678901', [{ kind: 'cut' }]]);
});

test('a terminal that is far behind is skipped ahead and told so; who wants everything gets it', async () => {
  const file = new FakeLogFile('');
  const [terminal, everything] = [await new Reader(file).start(), await new Reader(file, true).start()];

  file.append(big(5_000_000));
  await terminal.pass(500);
  await everything.pass(500);

  expect(everything.seen).toHaveLength(5_000_000);
  const [loss] = terminal.losses;
  expect(loss?.kind === 'skipped' && loss.bytes + terminal.seen.length).toBe(5_000_000);
  expect(terminal.seen.length).toBeLessThan(400_000);
});

test('a terminal gets no more than it can show', async () => {
  const file = new FakeLogFile('');
  const reader = await new Reader(file).start();

  file.append(big(1_500_000));
  await reader.pass(150);

  expect(reader.seen.length).toBeLessThanOrEqual(11 * 65_536);
});

test('held, it gives nothing and loses nothing', async () => {
  const file = new FakeLogFile('');
  const reader = await new Reader(file, true).start();
  const [first, second] = [reader.stream.hold(), reader.stream.hold()];
  file.append('abc');
  await reader.pass(100);
  first.dispose();
  first.dispose();
  await reader.pass(100);
  const whileHeld = reader.seen;

  second.dispose();
  await reader.pass(20);

  expect([whileHeld, reader.seen]).toEqual(['', 'abc']);
});

test('held for long while the connection brings much, it does not take the log for useless', async () => {
  const file = new FakeLogFile('');
  const reader = await new Reader(file, true).start();
  const hold = reader.stream.hold();
  file.append('abc');
  reader.stream.heard(new TextEncoder().encode('abc'));
  await reader.pass(3000);

  hold.dispose();
  await reader.pass(2000);

  expect([reader.seen, reader.isGivenUp]).toEqual(['abc', false]);
});

test('a log that gets nothing is given up after a second, with what only the connection brought', async () => {
  const reader = await new Reader(new FakeLogFile('')).start();
  reader.stream.heard(new TextEncoder().encode('disk '));
  await reader.pass(900);
  const before = reader.isGivenUp;
  reader.stream.heard(new TextEncoder().encode('full'));

  await reader.pass(200);

  expect([before, reader.isGivenUp, reader.seen, reader.log.isDisposed]).toEqual([false, true, 'disk full', true]);
});

test('whatever happens to the log and to the readers, each gets the bytes after its start, once and in order', async () => {
  const step = fc.constantFrom('append', 'big', 'renew', 'hold', 'release', 'wait', 'look');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.integer({ min: 1, max: 60 })), { maxLength: 30 }), async steps => {
      const file = new FakeLogFile('begin ');
      const reader = await new Reader(file, true).start();
      const paced = await new Reader(file, false).start();
      let written = '';
      let hold: { dispose(): void } | undefined;
      for (const [what, ms] of steps) {
        const text = what === 'append' ? `<${written.length}>` : what === 'big' ? `[${big(70_000)}]` : '';
        if (text !== '') file.append(text);
        written += text;
        if (what === 'renew') {
          // As a script does before a start: by then everybody has seen the end of the old one, or still holds it.
          hold?.dispose();
          await reader.pass(1000);
          await paced.pass(1000);
          file.renew();
        }
        if (what === 'hold') hold ??= reader.stream.hold();
        if (what === 'release') {
          hold?.dispose();
          hold = undefined;
        }
        if (what === 'look') reader.stream.look();
        await reader.pass(ms);
        await paced.pass(ms);
      }
      hold?.dispose();
      await reader.pass(2000);
      await paced.pass(2000);

      expect(reader.seen).toBe(written);
      expect(paced.seen).toBe(written);
      reader.stream.dispose();
      paced.stream.dispose();
      expect([reader.clock.pending, paced.clock.pending, file.watchers.size]).toEqual([0, 0, 0]);
    }),
    { numRuns: 60 },
  );
}, 60_000);
