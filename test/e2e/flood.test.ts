import { mkdir, readFile, stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { serialPort } from '../../extension/lab/networks/addressing.ts';
import { vmFiles } from '../../extension/lab/layout.ts';
import { TestQemus, floodLine } from '../support/console-qemu.ts';
import { ConsoleSource, lastWords } from '../support/console-source.ts';
import { deafClient } from '../support/deaf-client.ts';
import { freeIds } from '../support/free-ids.ts';
import { ExtensionHostMemory } from '../support/vscode/extension-host-memory.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { until } from '../support/vscode/until.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** Bytes. */
const mostGrowth = 50_000_000;

/** Nothing of what was printed is kept for long: the rest is garbage, and when that is collected is V8's affair. */
const settled = (memory: ExtensionHostMemory): Promise<unknown> =>
  until('the memory to settle', () => Promise.resolve(memory.growth < mostGrowth), { timeoutMs: 180_000 });

describe('a console that prints without pause', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let run: string;
  let ids: readonly number[];
  const qemus = new TestQemus();
  let source: ConsoleSource | undefined;
  let deaf: Socket | undefined;

  beforeAll(async () => {
    ids = await freeIds(2);
    server = await VsCodeServer.start();
    run = path.join(server.runRoot, 'flood');
    await mkdir(run, { recursive: true, mode: 0o700 });
    const text = `vms:\n  guest: { id: ${ids[0]} }\n  fast: { id: ${ids[1]} }\n`;
    const folder = await server.makeFolder('lab', { files: { 'flood.lab.yaml': text } });
    window = await Workbench.open(server, folder, 'flood.lab.yaml');
    await window.openContainer('KVM Lab');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    source?.stop();
    deaf?.destroy();
    await qemus.stop();
    await window.close();
    await server.stop();
  });

  const logOf = (vm: string): string => path.join(run, vmFiles(vm).consoleLog);
  const sizeOf = async (vm: string): Promise<number> => (await stat(logOf(vm))).size;
  const open = async (vm: string): Promise<void> => {
    // Not from a row's menu: VS Code forgets whose it is if the tree is drawn anew meanwhile, as it is when a VM ends.
    await window.runCommand('KVM Lab: Open Console');
    await window.pick(vm);
    await window.acceptPicks();
    await window.terminal.waitFor(`connected to ${vm}`, 60_000);
  };

  test('lets one work in the window, loses nothing, and shows the end', { timeout: 400_000 }, async () => {
    const guest = qemus.flood(serialPort(ids[0] ?? 0), 0xffff_fff, { run, name: 'guest' });
    await until('the guest', () => Promise.resolve(guest.printed() === 'R'));
    await open('guest');
    await window.terminal.type('x');
    await until('the flood', async () => (await sizeOf('guest')) > 100_000);

    const before = await sizeOf('guest');
    const editor = window.editor();
    await editor.replace('id:', 'idd:');
    await editor.waitForSquiggles(2);
    await window.screenshot('flood-1-work');
    await editor.undoAll();
    await editor.waitForSquiggles(0);
    const after = await sizeOf('guest');
    await guest.kill();

    const log = await readFile(logOf('guest'), 'latin1');
    const lastLine = floodLine(Math.floor((log.length - 1) / floodLine(0).length) - 1).trimEnd();
    // Without carriage returns the lines come in steps, so the last one may be broken at the edge of the terminal.
    await window.terminal.waitFor(new RegExp(lastLine.replaceAll(/(?!^)(?=.)/g, String.raw`\s*`)), 120_000);
    await window.screenshot('flood-2-end');
    expect(after).toBeGreaterThan(before);
    expect(log).toBe(`R${whole(log.length - 1)}`);
  });

  test(
    '50 MB as fast as they are taken, and one who joined and never reads: memory stays, the end is shown',
    { timeout: 400_000 },
    async () => {
      const port = serialPort(ids[1] ?? 0);
      source = await ConsoleSource.start({ port, log: logOf('fast'), bytes: 50_000_000 });
      await open('fast');
      deaf = await deafClient(server.runRoot, port);
      const memory = new ExtensionHostMemory(server);
      await window.terminal.type('x');

      await source.ended;
      await window.terminal.waitFor(lastWords, 120_000);
      await window.screenshot('flood-3-fast');
      await settled(memory);
      expect(deaf.destroyed).toBe(false);
    },
  );
});

/** The first bytes of what the flood guest prints. */
function whole(bytes: number): string {
  const lines = Array.from({ length: Math.ceil(bytes / floodLine(0).length) }, (_, index) => floodLine(index));
  return lines.join('').slice(0, bytes);
}
