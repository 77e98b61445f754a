import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

const sample = path.resolve(import.meta.dirname, '../../extension/samples/vlans/vlans.lab.yaml');

describe('exporting a picture', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;

  beforeAll(async () => {
    server = await VsCodeServer.start();
    folder = await server.makeFolder('lab', { files: { 'vlans.lab.yaml': await readFile(sample, 'utf8') } });
    window = await Workbench.open(server, folder, 'vlans.lab.yaml');
    await window.runCommand('KVM Lab: Open Picture');
    await window.picture.waitForText('red1');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  /** The dialog fills in its proposal after it has opened, over anything that was typed before. */
  async function saveAs(proposed: string, name: string): Promise<void> {
    const input = window.page.locator('.quick-input-widget:visible input.input');
    await expect.poll(() => input.inputValue()).toBe(path.join(folder, proposed));
    await window.answer(path.join(folder, name));
  }

  test('from its own title bar as SVG, in the layout that it has, with a message that opens it', async () => {
    await window.picture.press('Classic');
    await window.picture.click('red1');
    await window.page.locator('.editor-actions .action-label[aria-label^="Export Picture"]').first().click();
    await window.pick('SVG for print');
    await window.screenshot('export-1-where');
    await saveAs('vlans.svg', 'print.svg');

    expect(await window.notification('print.svg')).toContain('The picture of vlans.lab.yaml is in print.svg.');
    const svg = await readFile(path.join(folder, 'print.svg'), 'utf8');
    expect(svg).toMatch(/^<svg [\s\S]*<title>vlans<\/title>[\s\S]*<\/svg>\n$/);
    await window.screenshot('export-2-done');
    await window.press('Open');
    await window.page.locator('.tab.active').filter({ hasText: 'print.svg' }).waitFor();
    // The preview takes the focus once more when it has read the picture.
    await window.page.locator('.statusbar-item').filter({ hasText: 'Whole Image' }).waitFor();
  });

  test('from the palette as PNG, with nothing else left in the folder', async () => {
    await window.page.locator('.editor-group-container .tab').filter({ hasText: 'vlans.lab.yaml' }).first().click();
    const active = window.page.locator('.editor-group-container.active .tab.active');
    await active.filter({ hasText: 'vlans.lab.yaml' }).waitFor();
    await window.runCommand('KVM Lab: Export Picture…');
    await window.pick('PNG, dark');
    await saveAs('vlans.png', 'dark.png');

    await window.notification('dark.png', 60_000);
    const png = await readFile(path.join(folder, 'dark.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBeGreaterThan(1000);
    expect(await readdir(folder)).toEqual(['dark.png', 'print.svg', 'vlans.lab.yaml']);
  });

  test('writes nothing if the user thinks better of it', async () => {
    await window.runCommand('KVM Lab: Export Picture…');
    await window.pick('Graphviz (DOT)');
    const dialog = window.page.locator('.quick-input-widget').filter({ hasText: 'Export Picture' });
    await dialog.waitFor();
    await window.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });

    expect(await readdir(folder)).toEqual(['dark.png', 'print.svg', 'vlans.lab.yaml']);
  });
});
