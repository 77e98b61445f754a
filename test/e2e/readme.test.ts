import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

const sample = path.resolve(import.meta.dirname, '../../extension/samples/firewall/firewall.lab.yaml');
const bootMs = 300_000;

let server: VsCodeServer;
let window: Workbench;

beforeAll(async () => {
  const ids = await freeIds(3);
  let next = 0;
  const text = (await readFile(sample, 'utf8')).replaceAll(/\bid: \d+/g, () => `id: ${ids[next++]}`);
  server = await VsCodeServer.start({ environment: { KVMLAB_ACCEL: 'tcg', STOP_SECONDS: '1' } });
  const folder = await server.makeFolder('lab', { files: { 'firewall.lab.yaml': text } });
  await server.makeFolder('lab/guest', { from: await tinyGuestDir() });
  window = await Workbench.open(server, folder, 'firewall.lab.yaml');
});

afterAll(async () => {
  await window.close();
  await server.stop();
});

/** What `npm run readme-picture` takes: nothing in it is drawn by hand. */
test('the screenshot of the README: trees, lab file and picture of a lab with a ping through its firewall', async () => {
  await window.openContainer('KVM Lab');
  await window.tree('Labs').waitForState('firewall', '0 of 3 running');
  await window.tree('Labs').press('firewall', 'Start');
  await window.tree('Labs').waitForState('firewall', '3 of 3 running', bootMs);
  await window.tree('Labs').press('pc', 'Open Console');
  await window.terminal.waitFor(/[#$] ?$/, bootMs);
  await window.terminal.enter('ping -s 1400 10.1.0.80');
  await window.terminal.waitFor(/bytes from/, bootMs);
  await window.runCommand('KVM Lab: Open Picture');
  await window.picture.waitForThing(/^web, VM, running/, bootMs);
  await window.picture.waitForText('kB/s', bootMs);

  await window.screenshot('readme');

  await expect.poll(() => window.picture.texts()).toEqual(expect.arrayContaining(['fw', 'pc', 'web', 'running']));
});
