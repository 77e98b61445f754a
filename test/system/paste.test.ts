import { createHash } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vmFiles } from '../../extension/lab/layout.ts';
import { serialPort } from '../../extension/lab/networks/addressing.ts';
import { systemClock } from '../../extension/host/clock.ts';
import { TelnetDialer } from '../../extension/host/console-dialer.ts';
import { LogFile } from '../../extension/host/console-log.ts';
import { ConsoleFeed } from '../../extension/runtime/console/console-feed.ts';
import { ConsoleSession } from '../../extension/runtime/console/console-session.ts';
import type { PasteProgress } from '../../extension/runtime/console/paste-pacer.ts';
import { freeIds } from '../support/free-ids.ts';
import { lab as aLab, vm } from '../support/lab-builder.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { until } from '../support/vscode/until.ts';

const patience = { timeout: 200_000, interval: 50 };

let lab: ScriptLab;
let feed: ConsoleFeed;
let shown = '';
const progress: PasteProgress[] = [];

// A guest under software emulation fetches a byte from its UART with an interrupt each, as slow as it gets.
beforeAll(async () => {
  const [guest, [id = 0]] = await Promise.all([tinyGuestDir(), freeIds(1)]);
  const files = { kernel: path.join(guest, 'vmlinuz'), initrd: path.join(guest, 'initrd') };
  lab = new ScriptLab(
    aLab({ name: 'p', vms: [vm('g', id, { ...files, memory: '96M', append: 'console=ttyS0 quiet no_timer_check' })] }),
  );
  expect(await lab.script('g.sh', 'start')).toMatchObject({ code: 0 });
  const log = new LogFile(path.join(lab.run, vmFiles('g').consoleLog));
  feed = new ConsoleFeed({
    session: new ConsoleSession(new TelnetDialer(), systemClock, serialPort(id), { log }),
    clock: systemClock,
    news: () => undefined,
    onEnter: () => undefined,
  });
  feed.paste.onProgress(one => progress.push(one));
  // Nobody answers what the shell asks with each prompt: busybox swallows what is typed right behind an answer.
  feed.attach(text => {
    shown += text;
  });
  await until('the prompt of the guest', () => Promise.resolve(isAtPrompt(shown)), { timeoutMs: 180_000 });
});

afterAll(() => {
  feed.dispose();
  lab.dispose();
});

const question = '\u001b[6n';
const isAtPrompt = (text: string): boolean => /(^|\n)[^\n]*# $/.test(text.replaceAll(question, ''));

const prompt = async (from = 0): Promise<void> => expect.poll(() => isAtPrompt(shown.slice(from)), patience).toBe(true);

/** Types this and gives what was shown from then on, up to the next prompt. */
async function type(keys: string): Promise<string> {
  const from = shown.length;
  feed.type(keys);
  await prompt(from);
  return shown.slice(from);
}

async function paste(text: string): Promise<number> {
  progress.splice(0);
  const begin = performance.now();
  feed.type(text);
  await expect.poll(() => progress.at(-1)?.kind, { ...patience, interval: 5 }).toBe('ended');
  return performance.now() - begin;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Lines of letters and signs, of all lengths up to the longest that a terminal line discipline takes less a bit. */
function text(bytes: number): string {
  let made = '';
  for (let line = 0; made.length < bytes; line += 1) {
    const length = [0, 1, 63, 64, 65, 76, 200, 1000][line % 8] ?? 0;
    made += `${Array.from({ length }, (_, at) => String.fromCharCode(33 + ((line * 7 + at) % 94))).join('')}\n`;
  }
  return made;
}

describe('a paste of 20 kB into a real guest', () => {
  test('arrives whole in a program that reads lines', async () => {
    const sent = text(20_000);
    feed.type('cat > /tmp/x\r');

    const ms = await paste(sent);
    await type('\u0004');

    console.log(`${sent.length} bytes in ${(ms / 1000).toFixed(1)} s, ${Math.round(sent.length / ms)} kB/s`);
    expect(await type('md5sum /tmp/x\r')).toContain(md5(sent));
  });

  test('arrives whole where nothing is echoed', async () => {
    const sent = text(20_000);
    feed.type('stty -echo; cat > /tmp/y; stty echo\r');
    await expect.poll(() => shown, patience).toMatch(/stty echo\r\n$/);

    const ms = await paste(sent);
    await type('\u0004');

    console.log(`${sent.length} bytes without echo in ${(ms / 1000).toFixed(1)} s`);
    expect(await type('md5sum /tmp/y\r')).toContain(md5(sent));
  });

  test('arrives whole in the shell itself, as a here-document', async () => {
    // The shell's editor redraws and completes: no tabs, and lines as people write them.
    const lines = Array.from(
      { length: 250 },
      (_, at) => `interface eth${at} { address 10.0.${at}.1/24; mtu 1500; state up; }`,
    );
    const sent = `${lines.join('\n')}\n`;

    const ms = await paste(`cat > /tmp/z <<'END'\n${sent}END\n`);
    await prompt();

    console.log(`${sent.length} bytes into the shell in ${(ms / 1000).toFixed(1)} s`);
    expect(await type('md5sum /tmp/z\r')).toContain(md5(sent));
  });

  test('ends at Ctrl+C, which reaches the guest at once', async () => {
    progress.splice(0);
    const sent = text(20_000);
    feed.type('cat > /tmp/w\r');
    const from = shown.length;
    // In the middle of it, however long whoever waits is kept waiting.
    const listening = feed.paste.onProgress(() => {
      if (progress.length === 20) feed.type('\u0003');
    });
    feed.type(sent);
    await expect.poll(() => progress.at(-1)?.kind, patience).toBe('ended');
    listening.dispose();
    await prompt(from);

    const last = progress.at(-1);
    expect(last?.kind === 'ended' && last.left).toBeGreaterThan(10_000);
  });
});
