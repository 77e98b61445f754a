import { describe, expect, test } from 'vitest';
import { longestBacklog } from '../../../extension/runtime/console/console-owner.ts';
import { World } from '../../support/console-world.ts';

describe('a shared console without a log', () => {
  test('a newcomer sees what was printed last', async () => {
    const world = new World();
    const first = await world.process(false);
    world.qemu.print('QEMU monitor\r\n(qemu) ');
    await world.pass(50);

    const second = await world.process(false);

    expect([first.seen, second.seen]).toEqual(['QEMU monitor\r\n(qemu) ', 'QEMU monitor\r\n(qemu) ']);
  });

  test('one that does not read is skipped ahead and told so, the others see everything', async () => {
    const world = new World();
    const [first, slow, third] = [await world.process(false), await world.process(false), await world.process(false)];
    const serverEnd = slow.shares.links.at(-1)!;

    world.qemu.print('a');
    await world.pass(50);
    serverEnd.backlog = longestBacklog + 1;
    world.qemu.print('bcd');
    await world.pass(50);
    serverEnd.backlog = 0;
    world.qemu.print('e');
    await world.pass(50);

    expect([first.seen, slow.seen, third.seen]).toEqual(['abcde', 'ae', 'abcde']);
    expect(slow.losses).toEqual([{ kind: 'skipped', bytes: 3 }]);
  });
});

describe('a console whose log gets nothing', () => {
  test('is shown from the connection after a second, nothing lost, and others get it from the owner', async () => {
    const world = new World();
    const [first, second] = [await world.process(), await world.process()];
    const append = world.qemu.log.append.bind(world.qemu.log);
    world.qemu.log.append = () => undefined;

    world.qemu.print('disk ');
    await world.pass(1100);
    world.qemu.print('full');
    await world.pass(50);
    world.qemu.log.append = append;

    expect([first.seen, second.seen]).toEqual(['disk full', 'full']);
  });

  test('a healthy log is never given up, however much comes over the connection', async () => {
    const world = new World();
    const first = await world.process();
    let printed = '';

    for (let line = 0; line < 200; line += 1) {
      world.qemu.print(`${line}\n`);
      printed += `${line}\n`;
      await world.pass(line % 7 === 0 ? 1200 : 20);
    }

    expect(first.seen).toBe(printed);
  });
});
