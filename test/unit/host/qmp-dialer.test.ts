import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { SocketQmpDialer } from '../../../extension/host/qmp-dialer.ts';
import { QmpRefusal } from '../../../extension/qemu/qmp.ts';
import { queryStatus } from '../../../extension/qemu/qmp-queries.ts';
import type { WatchNews } from '../../../extension/runtime/host.ts';

const until = (isSo: () => boolean): Promise<boolean> => vi.waitUntil(isSo, { timeout: 60_000, interval: 5 });

const greeting = '{"QMP": {"version": {}, "capabilities": []}}\r\n';
const agreed = '{"return": {}}\r\n';

/** A QMP server that serves one client at a time, as QEMU does; `answer` gives what it writes for each command. */
class FakeQemu {
  readonly heard: string[] = [];
  clients = 0;
  mostAtOnce = 0;
  private readonly server: net.Server;
  private readonly waiting: net.Socket[] = [];
  private readonly answer: (execute: string, id: number) => string;

  constructor(answer: (execute: string, id: number) => string) {
    this.answer = answer;
    this.server = net.createServer(client => {
      this.clients += 1;
      this.waiting.push(client);
      this.mostAtOnce = Math.max(this.mostAtOnce, this.waiting.length);
      client.on('error', () => undefined);
      client.on('close', () => {
        this.clients -= 1;
        this.waiting.splice(this.waiting.indexOf(client), 1);
        if (this.waiting[0]) this.serve(this.waiting[0]);
      });
      if (this.waiting.length === 1) this.serve(client);
    });
  }

  listen(socket: string): Promise<void> {
    return new Promise(resolve => this.server.listen(socket, resolve));
  }

  say(text: string): void {
    this.waiting[0]?.write(text);
  }

  hangUp(): void {
    this.waiting[0]?.destroy();
  }

  stop(): Promise<void> {
    for (const client of this.waiting) client.destroy();
    return new Promise(resolve => this.server.close(() => resolve()));
  }

  private serve(client: net.Socket): void {
    client.write(greeting);
    client.on('data', bytes => {
      for (const line of bytes.toString().trim().split('\n')) {
        const { execute, id = 0 } = JSON.parse(line) as { execute: string; id?: number };
        this.heard.push(execute);
        client.write(execute === 'qmp_capabilities' ? agreed : this.answer(execute, id));
      }
    });
  }
}

const status = (id: number): string => `{"return": {"status": "running"}, "id": ${id}}\r\n`;

let folder: string;
let socket: string;
const qemus: FakeQemu[] = [];

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'kq-'));
  socket = path.join(folder, 'vm.qmp');
});
afterEach(async () => {
  for (const one of qemus.splice(0)) await one.stop();
  await fs.rm(folder, { recursive: true, force: true });
});

async function startQemu(answer = (_: string, id: number): string => status(id)): Promise<FakeQemu> {
  const one = new FakeQemu(answer);
  qemus.push(one);
  await one.listen(socket);
  return one;
}

const dialer = new SocketQmpDialer({ turnMs: 60_000, answerMs: 60_000 });
const impatient = new SocketQmpDialer({ turnMs: 300, answerMs: 300 });

describe('asking a VM', () => {
  test('agrees on capabilities, asks, and hangs up', async () => {
    const qemu = await startQemu();

    expect(await dialer.ask(socket, queryStatus)).toBe('running');
    expect(qemu.heard).toEqual(['qmp_capabilities', 'query-status']);
    await until(() => qemu.clients === 0);
  });

  test('stands in a line of its own: many questions never besiege the VM', async () => {
    const qemu = await startQemu();

    await Promise.all(Array.from({ length: 10 }, () => dialer.ask(socket, queryStatus)));

    // The next one may come before QEMU has seen the one before it go; its line has two places.
    expect(qemu.mostAtOnce).toBeLessThanOrEqual(2);
  });

  test('goes on with the next question after one has failed', async () => {
    let asked = 0;
    await startQemu((_, id) => (asked++ === 0 ? `{"error": {"desc": "no"}, "id": ${id}}` : status(id)));

    const [first, second] = await Promise.allSettled([
      dialer.ask(socket, queryStatus),
      dialer.ask(socket, queryStatus),
    ]);

    expect(first).toMatchObject({ status: 'rejected', reason: new QmpRefusal('no') });
    expect(second).toEqual({ status: 'fulfilled', value: 'running' });
  });

  test('waits for its turn while another client is served', async () => {
    const qemu = await startQemu();
    const other = net.connect(socket);
    await until(() => qemu.clients === 1);
    const asked = dialer.ask(socket, queryStatus);
    await until(() => qemu.clients === 2);

    other.destroy();

    expect(await asked).toBe('running');
  });

  test('does not wait for its turn for ever', async () => {
    const qemu = await startQemu();
    const other = net.connect(socket);
    await until(() => qemu.clients === 1);

    await expect(impatient.ask(socket, queryStatus)).rejects.toThrow('another program is being served there');
    other.destroy();
    await until(() => qemu.clients === 0);
  });

  test('does not wait for an answer for ever', async () => {
    const qemu = await startQemu(() => '');

    // Patient until it is its turn, however long that takes.
    const once = new SocketQmpDialer({ turnMs: 60_000, answerMs: 300 });
    await expect(once.ask(socket, queryStatus)).rejects.toThrow('gave no answer');
    await until(() => qemu.clients === 0);
  });

  test('says when the VM ends in the middle', async () => {
    const qemu = await startQemu(() => '');
    const asked = dialer.ask(socket, queryStatus);
    const refused = expect(asked).rejects.toThrow('its VM has ended');
    await until(() => qemu.heard.length === 2);

    qemu.hangUp();

    await refused;
  });

  test('can be called off', async () => {
    const qemu = await startQemu(() => '');
    const cancel = new CancelSource();
    const refused = expect(dialer.ask(socket, queryStatus, cancel.signal)).rejects.toThrow('called off');
    await until(() => qemu.heard.length === 2);

    cancel.cancel();

    await refused;
    await until(() => qemu.clients === 0);
  });

  test('does not take an answer that makes no sense for one', async () => {
    await startQemu((_, id) => `{"return": [], "id": ${id}}`);

    await expect(dialer.ask(socket, queryStatus)).rejects.toThrow('query-status without a status');
  });

  test('is not held up by one who talks without end', async () => {
    const server = net.createServer(client => {
      client.on('error', () => undefined);
      const flood = (): void => {
        while (client.writable && client.write('{"QMP":"' + 'x'.repeat(100_000)));
      };
      client.on('drain', flood);
      flood();
    });
    await new Promise<void>(resolve => server.listen(socket, resolve));

    await expect(impatient.ask(socket, queryStatus)).rejects.toThrow(/no QMP socket of QEMU|did not greet us/);

    await new Promise(resolve => server.close(resolve));
  });

  test('names what is wrong with a socket that is stale, missing or too long', async () => {
    const qemu = await startQemu();
    await qemu.stop();
    await fs.writeFile(socket, '');

    await expect(dialer.ask(socket, queryStatus)).rejects.toThrow(`Cannot reach QEMU at ${socket}: nobody listens`);
    await expect(dialer.ask(`${socket}.x`, queryStatus)).rejects.toThrow('there is no such socket');
    await expect(dialer.ask(`/tmp/${'x'.repeat(120)}`, queryStatus)).rejects.toThrow(
      /no path of a socket|no such socket/,
    );
  });
});

describe('staying with a VM', () => {
  function watch(from = dialer): { readonly heard: WatchNews[]; readonly dispose: () => void } {
    const heard: WatchNews[] = [];
    const watching = from.watch(socket, news => heard.push(news));
    return { heard, dispose: () => watching.dispose() };
  }

  test('hears the status at first, then events and what became of it', async () => {
    const qemu = await startQemu();
    const { heard, dispose } = watch();
    await until(() => heard.length === 1);

    qemu.say('{"event": "STOP", "data": {}}\r\n');

    await until(() => heard.length === 3);
    expect(heard.map(one => one.kind)).toEqual(['status', 'event', 'status']);
    dispose();
    await until(() => qemu.clients === 0);
  });

  test('is told when it stands in line, and hears the VM when its turn comes', async () => {
    const qemu = await startQemu();
    const other = net.connect(socket);
    await until(() => qemu.clients === 1);
    const { heard, dispose } = watch(impatient);

    await until(() => heard.length === 1);
    other.destroy();

    await until(() => heard.length === 2);
    expect(heard.map(one => one.kind)).toEqual(['queued', 'status']);
    dispose();
  });

  test.each(['hangs up', 'talks nonsense', 'is not there'])('hears the end once when the VM %s', async how => {
    const qemu = how === 'is not there' ? undefined : await startQemu();
    const { heard } = watch();
    if (qemu) await until(() => heard.length === 1);

    if (how === 'hangs up') qemu?.hangUp();
    else qemu?.say('nonsense');

    await until(() => heard.some(one => one.kind === 'closed' || one.kind === 'broken'));
    await until(() => (qemu?.clients ?? 0) === 0);
    expect(heard.filter(one => one.kind === 'closed' || one.kind === 'broken')).toHaveLength(1);
  });
});
