import { describe, expect, test } from 'vitest';
import { bytesOf, connectedLine, greeted, shown } from '../../support/console-screen.ts';

describe('several terminals of one console', () => {
  test('a second terminal shows what the first one shows, from before it was opened and from then on', async () => {
    const { screen, dialer, open } = await greeted();
    dialer.link.print('one\r\n');
    let second = '';

    open(text => (second += text));
    dialer.link.print('two');

    expect(second).toBe(screen.text);
    expect(second).toBe(`${connectedLine}one\r\ntwo`);
  });

  test('a second terminal does not answer what the guest asked before it was there', async () => {
    const { dialer, open } = await greeted();
    dialer.link.print('~ # \u001b[6n');
    let second = '';

    open(text => (second += text));

    expect(second).not.toContain('\u001b[6n');
    expect(second).toContain('~ # ');
  });

  test('of two terminals, one answers the guest: the one in which somebody typed last', async () => {
    const { terminal, dialer, open } = await greeted();
    const second = open(() => undefined);
    const answer = '\u001b[3;5R';

    terminal.handleInput(answer);
    second.handleInput(answer);
    const first = dialer.link.written.splice(0);
    second.handleInput('x');
    terminal.handleInput(answer);
    second.handleInput(answer);

    expect(first).toEqual(bytesOf(answer));
    expect(dialer.link.written).toEqual(bytesOf(`x${answer}`));
  });

  test('when the terminal that answers is closed, another one answers', async () => {
    const { terminal, dialer, open } = await greeted();
    const second = open(() => undefined);

    terminal.close();
    second.handleInput('\u001b[3;5R');

    expect(dialer.link.written).toEqual(bytesOf('\u001b[3;5R'));
  });

  test('typing from another console starts nothing here', async () => {
    const { feed, entered } = await shown({ mood: 'refuses', state: { kind: 'stopped' } });

    feed.type('\r', false);

    expect(entered.count).toBe(0);
  });
});
