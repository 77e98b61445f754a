import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SocketQmpDialer } from '../../extension/host/qmp-dialer.ts';
import { pauseVm, resumeVm } from '../../extension/qemu/qmp-queries.ts';
import { freeIds } from '../support/free-ids.ts';
import { happens, until } from '../support/vscode/until.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** A VM that only runs its firmware, so that it is there at once and draws something on its screen. */
describe('a running VM in the tree', () => {
  let server: VsCodeServer;
  let window: Workbench;

  beforeAll(async () => {
    const [id] = await freeIds(1);
    server = await VsCodeServer.start();
    const lab = `vms:\n  pc: { id: ${id}, memory: 32M, accel: tcg, vnc: true }\n`;
    window = await Workbench.open(server, await server.makeFolder('lab', { files: { 'one.lab.yaml': lab } }));
    await window.openContainer('KVM Lab');
    await window.tree('Labs').waitForState('pc', 'stopped');
    await window.tree('Labs').press('pc', 'Start');
    await window.tree('Labs').waitForState('pc', 'running', 300_000);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  test('shows its screen in its tooltip, and a newer one later', async () => {
    const row = window.tree('Labs').row('pc');
    const picture = window.page.locator('.monaco-hover:visible img[src^="data:image/png"]').first();
    const look = async (): Promise<string> => {
      // While another tooltip stands VS Code may not open this one: the pointer comes once more.
      await until('the picture in the tooltip', async () => {
        await window.page.mouse.move(900, 600);
        await row.hover();
        return happens(picture.waitFor({ timeout: 8_000 }));
      });
      return (await picture.getAttribute('src')) ?? '';
    };

    const first = await look();
    const width = await picture.evaluate(image => (image as unknown as { naturalWidth: number }).naturalWidth);
    await window.screenshot('machine-tooltip');

    expect(width).toBeGreaterThan(100);
    // The cursor of the firmware blinks.
    await until('another picture', async () => (await look()) !== first, { timeoutMs: 120_000, intervalMs: 2_000 });
  });

  test('is paused and resumed from its menu, and the tree says so in words', async () => {
    const labs = window.tree('Labs');

    expect(await labs.contextMenu('pc')).toEqual(expect.arrayContaining(['Pause', 'Reset', 'Send Keys', 'Eject CD']));
    await labs.chooseFromMenu('pc', 'Pause');
    await labs.waitForState('pc', /^paused/);
    await expect.poll(() => labs.buttons('pc')).toContain('Resume');
    await window.screenshot('machine-paused');
    await labs.press('pc', 'Resume');

    await labs.waitForState('pc', /^running/);
  });

  test('is paused and resumed from the palette, where the only VM that fits is already ticked', async () => {
    const labs = window.tree('Labs');

    await window.runCommand('KVM Lab: Pause');
    await window.acceptPicks();
    await labs.waitForState('pc', /^paused/);
    await window.runCommand('KVM Lab: Resume');
    await window.acceptPicks();

    await labs.waitForState('pc', /^running/);
  });

  test('is paused by somebody else, and the tree says so', async () => {
    const labs = window.tree('Labs');
    const somebody = new SocketQmpDialer();
    const socket = path.join(server.runRoot, 'one', 'pc.qmp');

    await somebody.ask(socket, pauseVm);
    await labs.waitForState('pc', /^paused/);

    await somebody.ask(socket, resumeVm);
    await labs.waitForState('pc', /^running/);
  });

  test('answers a monitor command that is typed with the help of the list, by keyboard alone', async () => {
    const { keyboard } = window.page;
    await window.runCommand('KVM Lab: Monitor Command');
    await window.pick('pc');
    const list = window.page.locator('.quick-input-list .monaco-list-row');
    await list.filter({ hasText: 'announce_self' }).first().waitFor();

    await keyboard.type('info uu');
    await list.filter({ hasText: 'show the current VM UUID' }).first().waitFor();
    // With the row of the line that was typed the list comes anew, and its first row gets the focus.
    await list
      .filter({ hasText: /^info uu\s*run this line/ })
      .first()
      .waitFor();
    await window.screenshot('machine-monitor');
    await keyboard.press('ArrowDown');
    await list.filter({ hasText: 'show the current VM UUID' }).and(window.page.locator('.focused')).waitFor();
    await keyboard.press('Enter');

    await window.page.locator('.part.panel .view-lines', { hasText: 'info uuid' }).waitFor();
  });

  test('is killed only after it was asked what that costs', async () => {
    const labs = window.tree('Labs');

    await labs.chooseFromMenu('pc', 'Kill');
    const asked = await window.dialog();
    await window.screenshot('machine-kill');
    await window.press('Cancel');
    expect(asked).toContain('Kill VM pc?');
    expect(asked).toContain('Whatever is in memory is lost');
    await labs.waitForState('pc', /^running/);

    await labs.chooseFromMenu('pc', 'Kill');
    await window.dialog();
    await window.press('Kill');
    await labs.waitForState('pc', 'stopped');
  });
});
