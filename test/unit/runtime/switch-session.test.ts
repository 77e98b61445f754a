import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainLine } from '../../../extension/console/plain-lines.ts';
import { ConsoleSession } from '../../../extension/runtime/console/console-session.ts';
import { SwitchSession } from '../../../extension/runtime/switches/switch-session.ts';
import { FakeDialer, settle } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const banner = 'VDE switch V.2.3.2\n(C) Virtual Square Team (coord. R. Davoli) 2005,2006,2007 - GPLv2\n\n';
const prompt = 'vde$ ';

/** A session whose switch the test plays. */
async function connected(greeting = banner + prompt) {
  const dialer = new FakeDialer();
  const session = new SwitchSession(new ConsoleSession(dialer, new FakeClock(), 0));
  const screen = { text: '' };
  session.onData(bytes => (screen.text += new TextDecoder().decode(bytes)));
  session.open();
  await settle();
  const writes: string[] = [];
  const { link } = dialer;
  link.write = bytes => writes.push(new TextDecoder().decode(bytes));
  link.print(greeting);
  const type = (text: string): boolean => session.write(new TextEncoder().encode(text));
  /** The line on which the cursor is, as a person sees it. */
  const lastLine = (): string => plainLine(screen.text.slice(screen.text.lastIndexOf('\n') + 1));
  return { session, link, writes, type, screen, lastLine };
}

describe('the management console of a switch', () => {
  test('greets and asks for a command, with line ends that a terminal understands', async () => {
    const { screen } = await connected();

    expect(screen.text).toBe(`${banner.replaceAll('\n', '\r\n')}${prompt}`);
  });

  test('shows what is typed and sends nothing before Enter, then the line in one write', async () => {
    const { writes, type, lastLine } = await connected();

    for (const key of 'port/print 1') type(key);
    const before = [...writes];
    const shown = lastLine();
    type('\r');

    expect([before, shown, writes]).toEqual([[], 'vde$ port/print 1', ['port/print 1\n']]);
  });

  test('sends the next line only after the prompt: the switch would take it for an argument', async () => {
    const { link, writes, type } = await connected();

    type('one\rtwo\rthree');
    const first = [...writes];
    link.print(`1000 Success\n\n${prompt}`);
    const second = [...writes];
    link.print(`1000 Success\n\n${prompt}`);
    type('\r');

    expect([first, second, writes]).toEqual([['one\n'], ['one\n', 'two\n'], ['one\n', 'two\n', 'three\n']]);
  });

  test('shows what is typed ahead when its turn has come', async () => {
    const { link, type, lastLine } = await connected();
    type('slow\r');
    type('port');
    const whileBusy = lastLine();

    link.print(`1000 Success\n\n${prompt}`);

    expect([whileBusy, lastLine()]).toEqual(['', 'vde$ port']);
  });

  test('forgets with Ctrl+C what was pasted ahead', async () => {
    const { link, writes, type } = await connected();
    type('one\rtwo\rthree\r');

    type('\u0003');
    link.print(`1000 Success\n\n${prompt}`);

    expect(writes).toEqual(['one\n']);
  });

  test('puts news of the switch above the line that is being typed', async () => {
    const { link, type, screen, lastLine } = await connected();
    type('port/pr');

    link.print('3022 po');
    link.print('rt/- 03\n');

    expect(screen.text.split('\r\n').map(plainLine)).toContain('3022 port/- 03');
    expect(lastLine()).toBe('vde$ port/pr');
  });

  test('puts news that follow the prompt at once above it too', async () => {
    const { link, type, lastLine, writes } = await connected();
    type('x\r');

    link.print(`1000 Success\n\n${prompt}3022 port/- 03\n`);
    type('y\r');

    expect(lastLine()).toBe('');
    expect(writes).toEqual(['x\n', 'y\n']);
  });

  test('knows the lines before', async () => {
    const { link, writes, type } = await connected();
    type('showinfo\r');
    link.print(`1000 Success\n\n${prompt}`);

    type('\u001b[A\r');

    expect(writes).toEqual(['showinfo\n', 'showinfo\n']);
  });

  test('takes nothing while the switch does not run', async () => {
    const { session } = await connected();
    session.dispose();

    expect(session.write(Uint8Array.of(65))).toBe(false);
  });

  test('never writes two commands at once, nor a part of one, wherever the answers are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-z/ 0-9]{1,8}$/), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        async (commands, size) => {
          const { link, writes, type } = await connected();
          type(commands.map(one => `${one}\r`).join(''));
          for (let at = 0; at < commands.length; at += 1) {
            expect(writes.length).toBe(at + 1);
            const answer = `0000 DATA END WITH '.'\nPort 0001\n.\n1000 Success\n\n${prompt}`;
            for (let from = 0; from < answer.length; from += size) link.print(answer.slice(from, from + size));
          }

          expect(writes).toEqual(commands.map(one => `${one}\n`));
        },
      ),
    );
  });
});
