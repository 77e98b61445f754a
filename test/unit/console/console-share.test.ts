import { describe, expect, test } from 'vitest';
import { typedText, World } from '../../support/console-world.ts';

describe('a console that several processes share', () => {
  test('the first one is served by QEMU, the next ones go through it', async () => {
    const world = new World();

    const [first, second, third] = [await world.process(), await world.process(), await world.process()];

    const through = { pid: first.pid, program: 'kvmlab' };
    expect([first, second, third].map(one => one.session.state)).toEqual([
      { kind: 'connected' },
      { kind: 'connected', through },
      { kind: 'connected', through },
    ]);
    expect(world.qemu.clients).toBe(1);
  });

  test.each([true, false])('all see the same (read from the log: %s)', async isLogged => {
    const world = new World();
    const [first, second] = [await world.process(isLogged), await world.process(isLogged)];

    world.qemu.print('login: ');
    await world.pass(100);

    expect([first.seen, second.seen]).toEqual(['login: ', 'login: ']);
  });

  test('all may type and send a break', async () => {
    const world = new World();
    const [first, second] = [await world.process(), await world.process()];

    const isTyped = [first.type('a'), second.type('b\u00ff'), second.session.sendBreak()];
    await world.pass(50);

    expect(isTyped).toEqual([true, true, true]);
    expect(world.qemu.typed).toEqual([0x61, 0x62, 0xc3, 0xbf, 0xff, 0xf3]);
  });

  test('every byte that a guest of ours types arrives, 0xff doubled for telnet', async () => {
    const world = new World();
    await world.process();
    const second = await world.process();
    const all = Array.from({ length: 256 }, (_, byte) => byte);

    second.session.write(Uint8Array.from(all));
    await world.pass(50);

    expect(world.qemu.typed).toEqual([...all, 0xff]);
  });

  test('a paste that is longer than a frame arrives whole', async () => {
    const world = new World();
    await world.process();
    const second = await world.process();

    second.type('x'.repeat(200_000));
    await world.pass(50);

    expect(world.qemu.typed).toHaveLength(200_000);
  });

  test('a terminal answers what the guest asks only where somebody typed last', async () => {
    const world = new World();
    const [first, second] = [await world.process(), await world.process()];

    second.type('vi\r');
    await world.pass(50);
    first.type('\u001b[24;80R');
    second.type('\u001b[24;80R');
    await world.pass(50);

    expect(typedText(world)).toBe('vi\r\u001b[24;80R');
  });

  test('when the owner goes, another one is served, and what was printed meanwhile is not lost', async () => {
    const world = new World();
    const [first, second] = [await world.process(), await world.process()];
    world.qemu.print('one ');
    await world.pass(50);

    first.session.dispose();
    world.qemu.print('two ');
    await world.pass(500);
    world.qemu.print('three');
    await world.pass(50);

    expect([second.session.state, second.seen]).toEqual([{ kind: 'connected' }, 'one two three']);
  });

  test('of many that are left exactly one is served, and the others find it', async () => {
    const world = new World();
    const first = await world.process();
    const others = [];
    for (let count = 0; count < 5; count += 1) others.push(await world.process());

    first.session.dispose();
    await world.pass(2000);

    const served = others.filter(one => one.session.state.kind === 'connected' && !one.session.state.through);
    expect(served).toHaveLength(1);
    expect(others.map(one => one.session.state.kind)).toEqual(others.map(() => 'connected'));
    expect([world.qemu.clients, world.place.mostServing]).toEqual([1, 1]);
  });

  test('all come back when the VM was restarted', async () => {
    const world = new World();
    const [first, second] = [await world.process(), await world.process()];

    world.qemu.stop();
    world.qemu.log.append('last words\n');
    await world.pass(3000);
    const waiting = [first, second].map(one => one.session.state);
    world.qemu.start();
    world.qemu.print('SeaBIOS\n');
    await world.pass(7000);

    expect(waiting).toEqual(waiting.map(() => ({ kind: 'waiting', reason: 'not running' })));
    expect([first, second].map(one => one.session.state.kind)).toEqual(['connected', 'connected']);
    expect([first.seen, second.seen]).toEqual(['last words\nSeaBIOS\n', 'last words\nSeaBIOS\n']);
  });
});
