import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { displayPort } from '../../extension/lab/networks/addressing.ts';
import { typewriterDisk } from '../support/display-guest.ts';
import { freeIds } from '../support/free-ids.ts';
import { QmpScreen, type Picture } from '../support/qmp-screen.ts';
import { until } from '../support/vscode/until.ts';
import { VncClient } from '../support/vnc-client.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

const patience = { timeout: 120_000, interval: 100 };
const columns = 40;

/** One story, told in order: each part begins where the one before it ended. */
describe('the display of a VM', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;
  let id: number | undefined;
  let screen: QmpScreen;

  beforeAll(async () => {
    [id] = await freeIds(1);
    const lab = `name: screens\nvms:\n  writer: { id: ${id}, memory: 32M, vnc: true, disks: [keys.img] }\n`;
    server = await VsCodeServer.start({ environment: { KVMLAB_ACCEL: 'tcg', STOP_SECONDS: '1' } });
    folder = await server.makeFolder('lab', { files: { 'screens.lab.yaml': lab } });
    await writeFile(path.join(folder, 'keys.img'), typewriterDisk());
    window = await Workbench.open(server, folder, 'screens.lab.yaml');
    screen = new QmpScreen(path.join(server.runRoot, 'screens/writer.qmp'));
    await window.openContainer('KVM Lab');
    await window.tree('Labs').press('writer', 'Start');
    await window.tree('Labs').waitForState('writer', 'running', 300_000);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  const textIs = async (text: string): Promise<void> =>
    expect.poll(() => screen.text(columns).catch(String), patience).toBe(text);

  /** The screen twice as QEMU has it and once as it is shown, all three the same to the last bit. */
  const pictureMatches = (): Promise<Picture> =>
    until(
      'the tab to show what QEMU shows',
      async () => {
        const before = await screen.picture();
        const shown = await window.display.picture();
        const after = await screen.picture();
        const isStill = before.rgb.equals(after.rgb);
        const isSame = shown?.width === after.width && shown.height === after.height && shown.rgb.equals(after.rgb);
        return isStill && isSame ? shown : undefined;
      },
      { timeoutMs: patience.timeout },
    );

  test('opens from the tree and shows, pixel by pixel, what QEMU shows', async () => {
    await textIs('>');
    await window.tree('Labs').expand('writer');
    await window.tree('Labs').press('display', 'Open Display');

    const picture = await pictureMatches();
    await window.screenshot('display-1-open');
    expect([picture.width, picture.height]).toEqual([720, 400]);
    expect(coloursOf(picture).size).toBeGreaterThan(1);
  });

  test('tells screen readers the role, name and state of each control', async () => {
    await window.display.waitForWords('Click the screen');
    const closed = await window.display.accessible();
    await window.display.press('Paste');
    const open = await window.display.accessible();
    await window.page.keyboard.press('Escape');

    expect(closed).toEqual([
      'document:',
      'toolbar "Display":',
      'button "View Only"',
      'button "Scale to Fit" [pressed]',
      'button "Ctrl+Alt+Del"',
      'button "Send Key": Send Key ▾',
      'button "Paste": Paste ▾',
      'button "Copy" [disabled]',
      'status: Click the screen, or Tab to it, to type in writer.',
      'application "Screen of writer. Keys go to the VM; Ctrl+Alt+Shift takes the keyboard back."',
    ]);
    expect(open.filter(line => !closed.includes(line))).toEqual([
      'button "Paste" [expanded]: Paste ▾',
      'menu "Paste":',
      'menuitem "Type the clipboard’s text (US keyboard)"',
      'menuitem "Into the guest’s clipboard (needs an agent there)"',
    ]);
  });

  test('a key typed there arrives in the guest, and is seen', async () => {
    const before = await pictureMatches();
    await window.display.click();
    await window.display.waitForWords('Keys go to writer');
    await window.display.type('Hello, 42!');

    await textIs('>Hello, 42!');
    const after = await pictureMatches();
    await window.screenshot('display-2-typed');
    expect(after.rgb.equals(before.rgb)).toBe(false);
  });

  test('nothing typed arrives while it is set to view only, and no key stays down', async () => {
    await window.page.keyboard.down('Control');
    await window.display.press('View Only');
    await window.page.keyboard.up('Control');
    await window.display.waitForWords('View only');
    await window.display.click();
    await window.display.type('nothing');
    await window.screenshot('display-3-view-only');
    await window.display.press('View Only');
    await window.display.click();
    await window.display.type('x');

    await textIs('>Hello, 42!x');
  });

  test('Ctrl+Alt+Shift takes the keyboard back to the toolbar', async () => {
    await window.display.click();
    await window.page.keyboard.press('Control+Alt+Shift');

    await expect.poll(() => window.display.focused()).toBe('View Only');
    await window.display.type('nothing');
    await window.display.click();
    await window.display.type('y');
    await textIs('>Hello, 42!xy');
  });

  test('the menu of keys works by keyboard alone, and Ctrl+Alt+Del restarts the guest', async () => {
    await window.page.keyboard.press('Control+Alt+Shift');
    await expect.poll(() => window.display.focused()).toBe('View Only');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter']) await window.page.keyboard.press(key);
    await expect.poll(() => window.display.focused()).toBe('Esc');
    await window.screenshot('display-4-keys');
    await window.page.keyboard.press('Escape');
    await expect.poll(() => window.display.focused()).toBe('Send Key');
    await window.page.keyboard.press('ArrowLeft');
    await window.page.keyboard.press('Enter');

    await textIs('>');
  });

  test('types the text of the clipboard, and says what it left out', async () => {
    const text = 'Az_9! "quoted" ~/x|y';
    await window.page.evaluate(value => navigator.clipboard.writeText(value), `${text}é`);

    await window.display.choose('Paste', /Type/);

    await window.display.waitForWords('Typed. Left out, not on a US keyboard: é');
    await textIs(`>${text}`);
    await pictureMatches();
    await window.screenshot('display-5-pasted');
  });

  test('carries texts between the clipboards of VS Code and of the guest, when told to', async () => {
    const agent = await VncClient.open(displayPort(id!));
    try {
      await window.page.evaluate(() => navigator.clipboard.writeText('to the guest: ä€'));
      await window.display.choose('Paste', /guest’s clipboard/);
      await expect.poll(() => agent.clipboard, patience).toBe('to the guest: ä€');

      agent.copy('from the guest');
      await window.display.button('Copy').and(window.display.enabled()).waitFor();
      const before = await window.page.evaluate(() => navigator.clipboard.readText());
      await window.display.press('Copy');

      const now = () => window.page.evaluate(() => navigator.clipboard.readText());
      await expect.poll(now, patience).toBe('from the guest');
      expect(before).toBe('to the guest: ä€');
    } finally {
      agent.close();
    }
  });

  test('shows the screen fitted to the tab, or in its own size', async () => {
    const fitted = await window.display.scale();
    await window.display.press('Scale to Fit');
    await expect.poll(() => window.display.scale(), patience).toBe(1);
    await window.screenshot('display-6-own-size');
    await pictureMatches();
    await window.display.press('Scale to Fit');

    await expect.poll(() => window.display.scale(), patience).toBe(fitted);
    expect(fitted).not.toBe(1);
  });

  test('says that the VM is stopped, starts it, and is back with it', async () => {
    await window.tree('Labs').press('writer', 'Stop');
    await window.display.waitForWords('writer is stopped', 60_000);
    await window.display.waitForGone();
    await window.screenshot('display-7-stopped');

    await window.display.press('Start writer');

    await textIs('>');
    await pictureMatches();
  });

  test('is there again after a reload of the window, and one tab however often it is opened', async () => {
    // Without a file of its own: VS Code shows that alone, and no tab of before.
    await window.show(folder);
    await pictureMatches();
    await window.screenshot('display-8-reloaded');

    await window.runCommand('KVM Lab: Open Display');
    await window.pick('writer');
    await window.acceptPicks();
    await pictureMatches();

    const tabs = window.page.locator('.tab').filter({ hasText: 'writer · display' });
    await expect.poll(() => tabs.count()).toBe(1);
  });
});

const coloursOf = ({ rgb }: Picture): Set<number> =>
  new Set(Array.from({ length: rgb.length / 3 }, (_, at) => rgb.readUIntBE(3 * at, 3)));
