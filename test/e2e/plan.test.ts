import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** A VM that only runs its firmware, on one of two switches. */
describe('a lab file that is changed while its lab runs', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;

  beforeAll(async () => {
    const [id] = await freeIds(1);
    server = await VsCodeServer.start();
    const lab = [
      'name: move',
      'switches:',
      '  lan: {}',
      '  dmz: {}',
      'vms:',
      `  pc: { id: ${id}, memory: 32M, accel: tcg, nics: [{ switch: lan }] }`,
      '',
    ].join('\n');
    folder = await server.makeFolder('lab', { files: { 'move.lab.yaml': lab } });
    window = await Workbench.open(server, folder, 'move.lab.yaml');
    await window.openContainer('KVM Lab');
    await window.tree('Labs').press('move', 'Start');
    await window.tree('Labs').waitForState('pc', 'running', 300_000);
    await window.tree('Labs').expand('pc');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  test('is offered to be applied when it is saved; the NIC moves, the scripts follow and the VM runs on', async () => {
    const labs = window.tree('Labs');
    const before = await labs.state('pc');
    await labs.waitForState('NIC 1', 'lan port 1');

    await window.editor().replace('switch: lan', 'switch: dmz');
    await window.editor().save();
    const offer = await window.notification('1 change can be applied to move while it runs');
    await window.screenshot('plan-offer');
    expect(offer).toContain('Later');
    await window.press('Apply');

    await window.statusBarItem('1 change applied to move');
    await labs.waitForState('NIC 1', 'dmz port 1');
    await labs.expand('dmz');
    await labs.waitForState('port 1', /pc NIC 1.*/);
    await labs.waitForState('pc', before);
    expect(await readFile(path.join(folder, 'move/pc.sh'), 'utf8')).toContain("NIC1='dmz'");
  });

  test('shows what needs a restart in its plan, without a tick', async () => {
    await window.editor().replace('memory: 32M', 'memory: 48M');
    await window.editor().save();
    await window.notification('1 change needs a restart');
    await window.press('Show Plan');
    const row = window.page.locator('.quick-input-list .monaco-list-row').first();
    await row.waitFor();
    await window.screenshot('plan-list');

    await expect.poll(() => row.innerText()).toMatch(/pc: RAM 32M → 48M\s*needs a restart/);
    expect(await row.getByRole('checkbox').isChecked()).toBe(false);
    await window.page.keyboard.press('Escape');
  });

  test('has nothing to do with cables: one is pulled and plugged in again in the tree', async () => {
    const labs = window.tree('Labs');

    await labs.press('NIC 1', 'Pull Cable');
    await labs.waitForState('NIC 1', 'cable pulled');
    await window.screenshot('plan-cable');
    await labs.press('NIC 1', 'Plug Cable In');

    await labs.waitForState('NIC 1', /^dmz port 1/);
  });
});
