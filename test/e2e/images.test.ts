import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { ImageServer, sends } from '../support/image-server.ts';
import { happens, until } from '../support/vscode/until.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** One VM starts from an image that has to be fetched, the disk of another lies over an image beside the lab file. */
describe('the images of a lab', () => {
  const content = Buffer.alloc(3 << 20, 'an image');
  let web: ImageServer;
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;

  beforeAll(async () => {
    const [first, second] = await freeIds(2);
    web = await ImageServer.open();
    web.answer(sends(content));
    server = await VsCodeServer.start();
    const lab = [
      'images:',
      `  debian: { url: '${web.url}', sha256: ${createHash('sha256').update(content).digest('hex')}, format: raw }`,
      '  base: { file: images/base.qcow2 }',
      'vms:',
      `  web: { id: ${first}, memory: 32M, accel: tcg, image: debian }`,
      `  db: { id: ${second}, memory: 32M, accel: tcg, image: base, disks: [images/data.qcow2] }`,
      '',
    ];
    folder = await server.makeFolder('lab', { files: { 'shop.lab.yaml': lab.join('\n'), 'images/README': 'Disks' } });
    qemuImg('create', '-q', '-f', 'qcow2', 'base.qcow2', '10G');
    qemuImg('create', '-q', '-f', 'qcow2', '-b', 'base.qcow2', '-F', 'qcow2', 'data.qcow2');
    window = await Workbench.open(server, folder);
    await window.openContainer('KVM Lab');
    await window.tree('Labs').waitForState('web', 'stopped');
  });

  const qemuImg = (...args: readonly string[]): string =>
    execFileSync('qemu-img', args, { cwd: path.join(folder, 'images'), encoding: 'utf8' });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
    web.close();
  });

  test('are fetched when a start has missed them, and the start goes on', async () => {
    const labs = window.tree('Labs');

    await labs.press('web', 'Start');
    await window.notification('is not fetched yet');
    await window.screenshot('images-not-fetched');
    await window.press('Fetch Image');

    await labs.waitForState('web', 'running', 300_000);
    expect(web.requests).toHaveLength(1);
  });

  test('are shown with what lies under them and who uses them', async () => {
    const images = window.tree('Images');
    // All rows have to be on the screen.
    await window.tree('Labs').unfold(false);
    await window.tree('This Host').unfold(false);
    await images.unfold();

    await images.waitForState('disks/web.qcow2', /web \(running\)/);
    await images.expand('images/data.qcow2');
    await images.expand('debian');
    await until('the rows', async () => (await images.rows()).length >= 8);
    await window.screenshot('images-view');

    const rows = (await images.rows()).map(({ level, label, description }) => `${level} ${label}: ${description}`);
    expect(rows).toEqual([
      '1 debian: 3.0 MiB of 3.0 MiB · only read by web (running) · raw',
      '2 web: running',
      expect.stringMatching(/^1 disks\/web\.qcow2: \S+ KiB of 3\.0 MiB · web \(running\) · qcow2$/),
      expect.stringMatching(/^1 images\/base\.qcow2: \S+ KiB of 10\.0 GiB · only read by db · qcow2$/),
      '1 disks/db.qcow2: made at the first start · db · qcow2',
      expect.stringMatching(/^1 images\/data\.qcow2: \S+ KiB of 10\.0 GiB · db · qcow2$/),
      expect.stringMatching(/^2 base\.qcow2: lies under it · qcow2 · \S+ KiB$/),
      '2 db: not running',
    ]);
  });

  test('are made by command, as large as is answered', async () => {
    const { page } = window;
    const asked = (title: string) =>
      page
        .locator('.quick-input-widget:visible')
        .filter({ has: page.locator('.quick-input-title', { hasText: title }) });
    const place = asked('New Image').locator('input.input');
    const size = asked('Size of the Disk').locator('input.input');
    await window.tree('Images').pressTitle('Create Image');

    // The dialog takes no Enter while it still reads the folder.
    await until('the question for a size', async () => {
      await happens(place.press('Enter', { timeout: 5000 }));
      return happens(size.waitFor({ timeout: 5000 }));
    });
    await size.fill('2G');
    await window.screenshot('images-size');
    await size.press('Enter');

    await window.notification('disk.qcow2 is made');
    expect(qemuImg('info', '../disk.qcow2')).toContain('virtual size: 2 GiB');
  });
});
