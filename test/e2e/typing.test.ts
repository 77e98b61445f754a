import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** Two VMs under software emulation share two cores. */
const patienceMs = 120_000;

/** One story, told in order: from an empty file to a lab that runs, with completion for all that is not a name. */
describe('somebody who types a lab', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;

  beforeAll(async () => {
    const guest = await tinyGuestDir();
    server = await VsCodeServer.start();
    folder = await server.makeFolder('lab', { files: { 'typed.lab.yaml': '' } });
    await server.makeFolder('lab/guest', { from: guest });
    window = await Workbench.open(server, folder, 'typed.lab.yaml');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  test('gets a switch with a free network from three letters', async () => {
    const editor = window.editor();
    await editor.focus();

    await editor.complete('swi', 'switches');
    await editor.complete('office', 'office');

    const text = await editor.waitForText('office: { network: ');
    expect(text).toMatch(/^switches:\n {2}office: \{ network: 192\.168\.\d+\.0\/24 \}/);
    await window.screenshot('typing-1-switch');
  });

  test('gets two VMs on it, with IDs, NICs and addresses of their own', async () => {
    const editor = window.editor();

    await editor.newLine();
    await editor.complete('vm', 'vms');
    await editor.complete('pc', 'pc');
    await editor.waitForText('- { switch: office, address: ');
    await editor.newLine(3);
    await editor.complete('web', 'web');
    await window.screenshot('typing-2-vms');
    await editor.save();

    const { lab, problems } = readLab(await readFile(path.join(folder, 'typed.lab.yaml'), 'utf8'));
    expect(problems).toEqual([]);
    expect(lab?.vms.map(({ name, nics }) => [name, nics.map(nic => nic.switch)])).toEqual([
      ['pc', ['office']],
      ['web', ['office']],
    ]);
    expect(new Set(lab?.vms.flatMap(({ nics }) => nics.flatMap(nic => nic.addresses))).size).toBe(2);
  });

  test('chooses among values, each with what it is', async () => {
    const editor = window.editor();

    await editor.newLine(5);
    await editor.complete('mem', 'memory');
    await editor.complete('', '128M');
    await editor.save();

    expect(await editor.waitForText('memory: 128M')).toContain('web:');
    await window.screenshot('typing-3-value');
  });

  test('sees on hover what the VM has', async () => {
    const card = await window.editor().hover('web');

    expect(card).toMatch(/VM web · stopped · ID \d+/);
    expect(card).toContain('serial console localhost:1');
    await window.screenshot('typing-4-hover');
  });

  test('starts it: both VMs run', { timeout: 3 * patienceMs }, async () => {
    await window.openContainer('KVM Lab');
    const labs = window.tree('Labs');
    await labs.waitForState('typed', /^0 of 2 running$/);

    await labs.press('typed', 'Start');

    await labs.waitForState('typed', '2 of 2 running', patienceMs);
    await window.screenshot('typing-5-running');
    await labs.press('typed', 'Stop');
    await labs.waitForState('typed', '0 of 2 running', patienceMs);
  });
});
