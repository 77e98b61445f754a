import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
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

const dialer = new SocketManagementDialer({ answerMs: 200, idleMs: 50 });
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

    await expect(dialer.ask(socket, ['a'])).rejects.toThrow(`${socket} gave no answer for 200 ms.`);
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
