import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { killIfAlive, processesThatMention } from '../support/own-processes.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { processesNaming } from '../support/vscode/leftovers.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

const sample = path.resolve(import.meta.dirname, '../../extension/samples/firewall/firewall.lab.yaml');
const patienceMs = 300_000;

describe('a lab that runs while VS Code does not', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;

  beforeAll(async () => {
    const text = await readFile(sample, 'utf8');
    const ids = await freeIds(3);
    let next = 0;
    const own = text.replaceAll(/\bid: \d+/g, () => `id: ${ids[next++]}`);
    server = await VsCodeServer.start();
    folder = await server.makeFolder('lab', { files: { 'firewall.lab.yaml': own } });
    await server.makeFolder('lab/guest', { from: await tinyGuestDir() });
    window = await Workbench.open(server, folder, 'firewall.lab.yaml');
    await window.openContainer('KVM Lab');
    await window.tree('Labs').press('firewall', 'Start');
    await window.tree('Labs').waitForState('firewall', '3 of 3 running', patienceMs);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  /** VMs, switches and what connects them; not the scripts, which end a moment after what they have started is there. */
  const running = (): readonly number[] =>
    processesNaming(server.runRoot).flatMap(({ pid, command }) => (/^(qemu-|vde_)/.test(command) ? [pid] : []));

  test('goes on when the extension host is killed, and is shown again', { timeout: patienceMs }, async () => {
    const before = running();

    for (const pid of extensionHosts(server)) killIfAlive(pid);
    await window.show(folder, 'firewall.lab.yaml');
    await window.openContainer('KVM Lab');

    await window.tree('Labs').waitForState('firewall', '3 of 3 running', patienceMs);
    expect(running()).toEqual(before);
  });

  test(
    'shows a VM that died and a switch that was killed, and starts them again',
    { timeout: 2 * patienceMs },
    async () => {
      const labs = window.tree('Labs');
      killIfAlive(pidOf(server, 'pc.pid'));
      killIfAlive(pidOf(server, 'switch-lan.pid'));

      await labs.waitForState('pc', 'stopped', patienceMs);
      await labs.waitForState('lan', 'stopped', patienceMs);
      await window.screenshot('7-killed');
      await labs.press('firewall', 'Start');

      await labs.waitForState('firewall', '3 of 3 running', patienceMs);
      await labs.waitForState('lan', 'running', patienceMs);
    },
  );
});

const pidOf = (server: VsCodeServer, file: string): number =>
  Number(readFileSync(path.join(server.runRoot, 'firewall', file), 'utf8'));

/** Those of this server only: they have its run-time folder in their environment. */
const extensionHosts = (server: VsCodeServer): readonly number[] =>
  processesThatMention('--type=extensionHost').filter(pid => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`KVMLAB_RUN_ROOT=${server.runRoot}\0`);
    } catch {
      return false;
    }
  });
