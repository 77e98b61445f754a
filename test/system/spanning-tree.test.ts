import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SocketManagementDialer } from '../../extension/host/management-dialer.ts';
import { askSwitch } from '../../extension/runtime/switches/switch-look.ts';
import { switchCommands } from '../../extension/vde/switch-commands.ts';
import type { SpanningTree } from '../../extension/vde/switch-tables.ts';
import { FramePlug } from '../support/frame-plug.ts';
import { lab as aLab, networkSwitch, wire } from '../support/lab-builder.ts';
import { ScriptLab } from '../support/script-lab.ts';

const patience = { timeout: 120_000, interval: 50 };
const names = ['a', 'b', 'c'] as const;
type Name = (typeof names)[number];

const link = (from: Name, to: Name, port: number) =>
  wire(from, to, {
    ends: [
      { switch: from, port },
      { switch: to, port },
    ],
  });

describe('a ring of three real switches with a spanning tree', () => {
  let lab: ScriptLab;
  let dialer: SocketManagementDialer;
  let sender: FramePlug;
  let receiver: FramePlug;
  let sent = 0;

  beforeEach(async () => {
    dialer = new SocketManagementDialer();
    lab = new ScriptLab(
      aLab({
        name: 'ring',
        switches: names.map(name => networkSwitch(name, { stp: { priority: name === 'a' ? 4096 : undefined } })),
        wires: [link('a', 'b', 31), link('b', 'c', 30), link('a', 'c', 29)],
      }),
    );
    expect(await lab.script('lab.sh', 'start')).toMatchObject({ code: 0 });
    sender = new FramePlug(`${sockets('a')}[1]`, 1);
    receiver = new FramePlug(`${sockets('c')}[1]`, 2);
  });
  afterEach(() => {
    for (const plug of [sender, receiver]) plug.dispose();
    dialer.dispose();
    lab.dispose();
  });

  const sockets = (name: Name): string => path.join(lab.run, `switch-${name}`);
  const tree = async (name: Name): Promise<SpanningTree | undefined> =>
    (await askSwitch(dialer, `${sockets(name)}.mgmt`, switchCommands.printStp()))[0];
  /** `c 30: Alternate/Backup` for every port of the ring that is closed. */
  const closed = async (): Promise<readonly string[]> => {
    const trees = await Promise.all(names.map(async name => ({ name, ports: (await tree(name))?.ports ?? [] })));
    const ports = trees.flatMap(({ name, ports: list }) => list.map(port => ({ name, ...port })));
    return ports.filter(({ role }) => role === 'Alternate/Backup').map(({ name, number }) => `${name} ${number}`);
  };
  /** The wire that leads to no root is closed; VDE closes both its ends. */
  const settled = async (): Promise<void> => {
    await expect.poll(closed, patience).toEqual(['b 30', 'c 30']);
    await expect.poll(async () => (await tree('c'))?.rootPort, patience).toBe(29);
  };
  /** Sends until something comes through; gives the number of the frame that did. */
  const getThrough = async (): Promise<string> => {
    const before = receiver.received.length;
    const tryAgain = (): boolean => {
      sender.broadcast(`try ${(sent += 1)}`);
      return receiver.received.length > before;
    };
    await expect.poll(tryAgain, patience).toBe(true);
    return receiver.received.at(-1) ?? '';
  };
  /** How often each of ten frames came, when the one sent after them is there. A tree may flap; a storm does not end. */
  const tenFrames = async (): Promise<readonly number[]> => {
    const payloads = Array.from({ length: 10 }, () => `frame ${(sent += 1)}`);
    for (const payload of payloads) sender.broadcast(payload);
    const last = `last ${(sent += 1)}`;
    const isLastThere = (): boolean => {
      sender.broadcast(last);
      return receiver.received.includes(last);
    };
    await expect.poll(isLastThere, patience).toBe(true);
    return receiver.counts(...payloads);
  };

  test('has the wanted root, closes one wire, and lets each frame through once', { timeout: 500_000 }, async () => {
    await settled();
    await getThrough();

    expect([await tree('a'), await tree('b')]).toMatchObject([{ isRoot: true }, { isRoot: false, rootPort: 31 }]);
    await expect.poll(tenFrames, patience).toEqual(Array.from({ length: 10 }, () => 1));
  });

  test('goes on by the other way when a wire dies, and is quiet when it is back', { timeout: 500_000 }, async () => {
    await settled();
    await getThrough();

    await lab.kill('wire-a-c.pid');
    await getThrough();
    await expect.poll(async () => (await tree('c'))?.rootPort, patience).toBe(30);
    await expect.poll(closed, patience).toEqual([]);
    await expect.poll(tenFrames, patience).toEqual(Array.from({ length: 10 }, () => 1));

    expect(await lab.script('wire-a-c.sh', 'start')).toMatchObject({ code: 0 });
    await settled();
    await getThrough();
    await expect.poll(tenFrames, patience).toEqual(Array.from({ length: 10 }, () => 1));
  });

  test('storms without it, and is quiet again as soon as it is turned on', { timeout: 500_000 }, async () => {
    await settled();
    await getThrough();
    const tell = async (isOn: boolean): Promise<void> => {
      for (const name of names) await askSwitch(dialer, `${sockets(name)}.mgmt`, switchCommands.setStp(isOn));
    };

    await tell(false);
    const [payload] = [`storm ${(sent += 1)}`];
    sender.broadcast(payload);
    await expect.poll(() => receiver.counts(payload)[0], patience).toBeGreaterThan(100);

    await tell(true);
    await settled();
    await getThrough();
    await expect.poll(tenFrames, patience).toEqual(Array.from({ length: 10 }, () => 1));
  });
});
