import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { UserError } from '../../../extension/base/user-error.ts';
import { SocketManagementDialer } from '../../../extension/host/management-dialer.ts';
import { FakeSwitch } from '../../support/fake-switch.ts';

let folder: string;
let socket: string;
const switches: FakeSwitch[] = [];

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'kvmlab-m-'));
  socket = path.join(folder, 'mgmt');
});
afterEach(async () => {
  for (const one of switches.splice(0)) await one.stop();
  await fs.rm(folder, { recursive: true, force: true });
});

async function startSwitch(answers: Readonly<Record<string, string>>): Promise<FakeSwitch> {
  const one = new FakeSwitch(answers);
  switches.push(one);
  await one.listen(socket);
  return one;
}

const dialer = new SocketManagementDialer({ answerMs: 60_000, idleMs: 250 });
const impatient = new SocketManagementDialer({ answerMs: 200 });
const done = '1000 Success\n\nvde$ ';

describe('asking a switch', () => {
  test('gives the data of each answer, in order', async () => {
    await startSwitch({ 'vlan/create 10': done, 'vlan/print': `0000 DATA END WITH '.'\nVLAN 0010\n.\n${done}` });

    expect(await dialer.ask(socket, ['vlan/create 10', 'vlan/print'])).toEqual(['', 'VLAN 0010\n']);
  });

  test('sends one command at a time, each in one piece, and hangs up', async () => {
    const one = await startSwitch({ a: done, b: done, c: done });

    await dialer.ask(socket, ['a', 'b', 'c']);
    await one.idle();

    expect([one.writes, one.connections]).toEqual([['a\n', 'b\n', 'c\n'], 0]);
  });

  test('keeps to the prompt even when the answer comes in two pieces with news between them', async () => {
    const one = await startSwitch({ a: '1000 Success\n|3021 port/+ 03\n|\nvd|e$ ', b: done });

    expect(await dialer.ask(socket, ['a', 'b'])).toEqual(['', '']);
    expect(one.writes).toEqual(['a\n', 'b\n']);
  });

  test('stops at a refusal and gives its words', async () => {
    const one = await startSwitch({ 'port/setvlan 9 9': '1006 No such device or address\n\nvde$ ', b: done });

    await expect(dialer.ask(socket, ['port/setvlan 9 9', 'b'])).rejects.toThrow(
      `${socket} refused "port/setvlan 9 9": No such device or address (1006).`,
    );
    expect(one.writes).toEqual(['port/setvlan 9 9\n']);
  });

  test('takes the end of a session for an answer', async () => {
    await startSwitch({ shutdown: '9999 END OF SESSION|EOF' });

    expect(await dialer.ask(socket, ['shutdown'])).toEqual(['']);
  });

  test('says when the switch hangs up in the middle', async () => {
    await startSwitch({ a: "0000 DATA END WITH '.'\nVLAN|EOF" });

    await expect(dialer.ask(socket, ['a'])).rejects.toThrow(`${socket} hung up before it had answered.`);
  });

  test('does not wait for ever', async () => {
    const one = await startSwitch({ a: '' });

    await expect(impatient.ask(socket, ['a'])).rejects.toThrow(`${socket} gave no answer for 200 ms.`);
    await one.idle();
    expect(one.connections).toBe(0);
  });

  test('can be called off', async () => {
    await startSwitch({ a: '' });
    const cancel = new CancelSource();
    const asked = dialer.ask(socket, ['a'], cancel.signal);

    cancel.cancel();

    await expect(asked).rejects.toThrow('was called off');
  });

  test.each(['', ' ', 'a\nb'])('with %j, which is not one command, asks nothing', async command => {
    const one = await startSwitch({ a: done });

    await expect(dialer.ask(socket, [command])).rejects.toThrow('Not one management command');
    expect(one.writes).toEqual([]);
  });
});

describe('the connection to a switch', () => {
  test('is kept for the next who asks, and shared', async () => {
    const one = await startSwitch({ a: done, b: done });
    const lasting = new SocketManagementDialer({ answerMs: 60_000, idleMs: 60_000 });
    await Promise.all([lasting.ask(socket, ['a']), lasting.ask(socket, ['b', 'a'])]);
    await lasting.ask(socket, ['b']);

    expect([[...one.writes].sort(), one.connected]).toEqual([['a\n', 'a\n', 'b\n', 'b\n'], 1]);
    lasting.dispose();
    await one.idle();
    expect(one.connections).toBe(0);
  });

  test('is made anew when the switch was started again', async () => {
    const before = await startSwitch({ a: done });
    await dialer.ask(socket, ['a']);
    await before.stop();
    const after = await startSwitch({ a: done });

    expect(await dialer.ask(socket, ['a'])).toEqual(['']);
    expect(after.writes).toEqual(['a\n']);
  });

  test('gives a refusal as an answer to who wants to know the code', async () => {
    await startSwitch({ a: '1017 File exists\n\nvde$ ' });

    expect(await dialer.exchange(socket, 'a')).toEqual({ code: 1017, text: 'File exists', data: '' });
  });

  test('goes on with the others when one that waits is called off, also one on its way', async () => {
    const one = await startSwitch({ a: `|${done}`, b: done, c: done });
    const written = one.written('a\n');
    const [first, second] = [new CancelSource(), new CancelSource()];
    const called = [dialer.exchange(socket, 'a', first.signal), dialer.exchange(socket, 'b', second.signal)];
    const third = dialer.exchange(socket, 'c');
    await written;

    first.cancel();
    second.cancel();

    for (const promise of called) await expect(promise).rejects.toThrow('was called off');
    expect((await third).code).toBe(1000);
    expect(one.writes).toEqual(['a\n', 'c\n']);
  });

  test('that is stuck delays no other', async () => {
    await startSwitch({ a: '' });
    const slow = new SocketManagementDialer({ answerMs: 3_000 });
    const stuck = slow.ask(socket, ['a']).catch((error: unknown) => error);
    const other = `${socket}2`;
    const fine = new FakeSwitch({ a: done });
    switches.push(fine);
    await fine.listen(other);

    expect(await slow.ask(other, ['a'])).toEqual(['']);
    expect(String(await stuck)).toContain('gave no answer for 3000 ms');
  });

  test('ends when the other side says more than any switch does', async () => {
    const flood = net.createServer(connection => {
      connection.on('error', () => undefined);
      const more = (): void => {
        while (!connection.destroyed && connection.write('x'.repeat(1 << 20)));
      };
      connection.on('drain', more);
      more();
    });
    await new Promise<void>(resolve => flood.listen(socket, resolve));

    await expect(new SocketManagementDialer().ask(socket, ['a'])).rejects.toThrow('says too much');
    await new Promise(resolve => flood.close(resolve));
  });
});

describe('listening to a switch', () => {
  const hear = (categories: readonly string[] = ['port']) => {
    const heard: unknown[] = [];
    const listening = dialer.listen(socket, categories, {
      onNews: news => heard.push(news),
      onEnd: () => heard.push('end'),
    });
    return { heard, listening };
  };

  test('gives its news apart from its answers, and keeps the connection', async () => {
    const one = await startSwitch({
      'debug/add port': done,
      a: `1000 Success\n3021 port/+ 03\n|\nvde$ |3022 port/- 03\n`,
    });
    const { heard, listening } = hear();

    expect(await dialer.ask(socket, ['a'])).toEqual(['']);
    await expect
      .poll(() => heard)
      .toEqual([
        { kind: 'port', port: 3, change: 'opened' },
        { kind: 'port', port: 3, change: 'closed' },
      ]);
    await new Promise(resolve => setTimeout(resolve, 400));
    expect([one.connected, one.connections]).toEqual([1, 1]);

    listening.dispose();
    await one.idle();
    expect([one.connections, heard.length]).toEqual([0, 2]);
  });

  test('says once when the switch is gone, or is not there at all', async () => {
    const one = await startSwitch({ 'debug/add port': done });
    const { heard } = hear();
    await expect.poll(() => one.writes.length).toBe(1);
    await one.stop();
    await expect.poll(() => heard).toEqual(['end']);

    const nobody = hear();
    await expect.poll(() => nobody.heard).toEqual(['end']);
  });
});

test('whatever the other side says, every question is answered or refused in time', async () => {
  const line = fc.constantFrom(
    '0000 DATA',
    '.',
    '1000 Success',
    '3021 port/+ 1',
    'vde$ ',
    '\n',
    '9999 END',
    '|',
    'EOF',
    '|',
  );
  const talk = fc.array(fc.oneof(line, fc.string({ maxLength: 5 })), { maxLength: 12 }).map(words => words.join(''));

  await fc.assert(
    fc.asyncProperty(talk, async text => {
      const one = await startSwitch({ a: text, b: done });
      const quick = new SocketManagementDialer({ answerMs: 60, idleMs: 10 });
      const outcome = await quick.ask(socket, ['a', 'b']).then(
        data => data.length,
        (error: unknown) => (error instanceof UserError ? 2 : error),
      );
      await one.stop();
      switches.splice(switches.indexOf(one), 1);
      expect(outcome).toBe(2);
    }),
    { numRuns: 40 },
  );
}, 30_000);

describe('a socket that cannot be asked', () => {
  test('is named with the reason when nobody listens', async () => {
    const one = await startSwitch({});
    await one.stop();
    await fs.writeFile(socket, '');

    await expect(dialer.ask(socket, ['a'])).rejects.toThrow(`Cannot ask ${socket}: nobody listens there any more`);
  });

  test('is named with the reason when it is not there, or too long', async () => {
    await expect(dialer.ask(socket, ['a'])).rejects.toThrow('there is no such socket');
    await expect(dialer.ask(`/tmp/${'x'.repeat(120)}`, ['a'])).rejects.toThrow(/no path of a socket|no such socket/);
  });
});

test('nothing is left open when the other side is no switch', async () => {
  const server = net.createServer(connection => connection.end('SSH-2.0-OpenSSH\r\n'));
  await new Promise<void>(resolve => server.listen(socket, resolve));

  await expect(dialer.ask(socket, ['a'])).rejects.toThrow('hung up');

  await new Promise(resolve => server.close(resolve));
});
