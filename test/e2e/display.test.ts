import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { typewriterDisk } from '../support/display-guest.ts';
import { freeIds } from '../support/free-ids.ts';
import { QmpScreen, type Picture } from '../support/qmp-screen.ts';
import { until } from '../support/vscode/until.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

const patience = { timeout: 60_000, interval: 100 };
const columns = 40;

/** One story, told in order: each part begins where the one before it ended. */
describe('the display of a VM', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;
  let screen: QmpScreen;

  beforeAll(async () => {
    const [id] = await freeIds(1);
    const lab = `name: screens\nvms:\n  writer: { id: ${id}, memory: 32M, vnc: true, disks: [keys.img] }\n`;
    server = await VsCodeServer.start({ environment: { KVMLAB_ACCEL: 'tcg' } });
    folder = await server.makeFolder('lab', { files: { 'screens.lab.yaml': lab } });
    await writeFile(path.join(folder, 'keys.img'), typewriterDisk());
    window = await Workbench.open(server, folder, 'screens.lab.yaml');
    screen = new QmpScreen(path.join(server.runRoot, 'screens/writer.qmp'));
    await window.openContainer('KVM Lab');
    await window.tree('Labs').press('writer', 'Start');
    await window.tree('Labs').waitForState('writer', 'running', 60_000);
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

  test('nothing typed arrives while it is set to view only', async () => {
    await window.display.press('View Only');
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

    expect(await window.display.focused()).toBe('View Only');
    await window.display.type('nothing');
    await window.display.click();
    await window.display.type('y');
    await textIs('>Hello, 42!xy');
  });
});

const coloursOf = ({ rgb }: Picture): Set<number> =>
  new Set(Array.from({ length: rgb.length / 3 }, (_, at) => rgb.readUIntBE(3 * at, 3)));
