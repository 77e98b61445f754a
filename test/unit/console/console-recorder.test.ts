import { describe, expect, test } from 'vitest';
import { ConsoleRecorder } from '../../../extension/runtime/console/console-recorder.ts';
import { World, port } from '../../support/console-world.ts';
import { FakeLog } from '../../support/fake-log.ts';

async function recording(world: World, withLog = false): Promise<ConsoleRecorder> {
  const host = { dialer: world.qemu, clock: world.clock, shares: world.place.process(99) };
  const recorder = new ConsoleRecorder(host, port, withLog ? { log: new FakeLog(world.qemu.log) } : {});
  await recorder.start();
  await world.pass(100);
  return recorder;
}

/** `<` typed, `>` printed. */
const story = (recorder: ConsoleRecorder): readonly string[] =>
  recorder.recording.parts.map(
    ({ kind, bytes }) => `${kind === 'typed' ? '<' : '>'}${new TextDecoder().decode(bytes)}`,
  );

describe('a recorder of a console', () => {
  test.each(['first', 'last'])(
    'hears what everybody types, and what is printed, in its order (it comes %s)',
    async when => {
      const world = new World();
      const early = when === 'first' ? await recording(world) : undefined;
      const [one, two] = [await world.process(), await world.process(false)];
      const recorder = early ?? (await recording(world));

      world.qemu.print('login: ');
      await world.pass(20);
      one.type('root\r');
      await world.pass(60);
      world.qemu.print('Password: ');
      await world.pass(20);
      two.type('secret\r');
      await world.pass(60);

      expect(story(recorder)).toEqual(['>login: ', '<root\r', '>Password: ', '<secret\r']);
      expect(recorder.isIncomplete).toBe(false);
    },
  );

  test('goes on when the owner of the console has gone', async () => {
    const world = new World();
    const [one, two] = [await world.process(), await world.process()];
    const recorder = await recording(world);

    one.session.dispose();
    await world.pass(3000);
    two.type('ls\r');
    await world.pass(50);

    expect(story(recorder)).toEqual(['<ls\r']);
  });

  test('begins with the prompt that is there', async () => {
    const world = new World();
    const one = await world.process();
    world.qemu.print('Debian\r\nlogin: ');
    await world.pass(50);

    const recorder = await recording(world, true);
    one.type('root\r');
    await world.pass(50);

    expect(story(recorder)).toEqual(['>login: ', '<root\r']);
  });

  test('has what was to be read before a key was pressed before that key, though it is heard later', async () => {
    const world = new World();
    const one = await world.process();
    const recorder = await recording(world);

    one.type('ro');
    one.type('ot\r');
    world.qemu.print('login: ');
    await world.pass(60);
    const isSent = one.session.sendBreak();
    one.type('x');
    one.session.dispose();

    expect(story(recorder)).toEqual(['>login: ', '<ro', '<ot\r']);
    // Each time something that QEMU does not take for typing comes first, and the break in its place.
    const [nothing, pause] = ['\u00ff\u00fe\0', '\u00ff\u00f3'];
    expect([isSent, String.fromCharCode(...world.qemu.typed)]).toEqual([true, `${nothing}root\r${pause}${nothing}x`]);
  });

  test('says when things happened', async () => {
    const world = new World();
    const one = await world.process();
    const recorder = await recording(world);
    world.qemu.print('a');
    await world.pass(5000);
    one.type('b');
    await world.pass(50);

    const [printed, typed] = recorder.recording.parts;
    expect((typed?.atMs ?? 0) - (printed?.atMs ?? 0)).toBe(5000);
  });

  test('leaves nothing behind', async () => {
    const world = new World();
    const recorder = await recording(world);
    recorder.dispose();
    await world.pass(50);

    expect([world.qemu.clients, world.place.serving]).toEqual([0, 0]);
  });
});
