import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ConsoleTarget } from '../../../extension/runtime/console/console-target.ts';
import { settle } from '../../support/console-fakes.ts';
import { terminals } from '../../support/console-window.ts';
import { fw, world } from '../../support/terminals-world.ts';

// `vscode` exists only inside VS Code.
vi.mock('vscode', () => import('../../support/console-window.ts'));

beforeEach(() => void terminals.splice(0));

describe('typing in many consoles at once', () => {
  const web: ConsoleTarget = { ...fw, vm: 'web', port: 10032 };

  async function three() {
    const made = world();
    for (const vm of ['fw', 'web', 'pc']) made.consoles.show({ ...fw, vm, port: portOf[vm] ?? 0 });
    await settle();
    for (const link of made.dialer.links) link.greet();
    const keys = made.consoles.open.map(one => one.key);
    made.consoles.group.set(keys.slice(0, 2));
    const written = (): string[] => made.dialer.links.map(link => String.fromCharCode(...link.written));
    return { ...made, keys, written };
  }
  const portOf: Readonly<Record<string, number>> = { fw: 10031, web: 10032, pc: 10033 };

  test('goes to those that were chosen, from whichever of them, and to no other', async () => {
    const { written } = await three();

    terminals[0]!.type('a');
    terminals[1]!.type('b');
    terminals[2]!.type('c');

    expect(written()).toEqual(['ab', 'ab', 'c']);
  });

  test('does not take along what a terminal answers by itself', async () => {
    const { written } = await three();

    terminals[0]!.type('\u001b[2;3R');

    expect(written()).toEqual(['\u001b[2;3R', '', '']);
  });

  test('is marked in the titles, from the first to the last moment', async () => {
    const { consoles } = await three();
    const during = terminals.map(one => one.name);

    consoles.group.set([]);

    expect([during, terminals.map(one => one.name)]).toEqual([
      ['⇉ fw · serial', '⇉ web · serial', 'pc · serial'],
      ['fw · serial', 'web · serial', 'pc · serial'],
    ]);
  });

  test('ends when only one of them is left', async () => {
    const { consoles } = await three();

    terminals[1]!.closeByUser();

    expect([consoles.group.size, terminals[0]!.name]).toEqual([0, 'fw · serial']);
  });

  test('starts no VM that is stopped but the one whose terminal has the focus', async () => {
    const { consoles, dialer, started, states } = world();
    dialer.mood = 'refuses';
    for (const title of ['fw · serial', 'web · serial']) states.set(title, { kind: 'stopped' });
    consoles.show(fw);
    consoles.show(web);
    await settle();
    consoles.group.set(consoles.open.map(one => one.key));

    terminals[0]!.type('\r');

    expect(started).toEqual([fw]);
  });
});
