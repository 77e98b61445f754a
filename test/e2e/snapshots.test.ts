import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { until } from '../support/vscode/until.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** One story, told in order: each part begins where the one before it ended. The VM only runs its firmware. */
describe('snapshots of a lab', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;
  let text: string;
  const labs = () => window.tree('Labs');
  const labFile = (): string => path.join(folder, 'cafe.lab.yaml');

  beforeAll(async () => {
    const [id] = await freeIds(1);
    text = `name: cafe\nswitches: { lan: {} }\nvms:\n  pc: { id: ${id}, memory: 32M, accel: tcg, disks: [{ file: pc.qcow2, size: 8M }], nics: [{ switch: lan }] }\n`;
    server = await VsCodeServer.start();
    folder = await server.makeFolder('lab', { files: { 'cafe.lab.yaml': text } });
    window = await Workbench.open(server, folder, 'cafe.lab.yaml');
    await window.openContainer('KVM Lab');
    for (const view of ['This Host', 'Images']) await window.tree(view).unfold(false);
    await labs().waitForState('cafe', '0 of 1 running');
    await labs().press('cafe', 'Start');
    await labs().waitForState('cafe', '1 of 1 running', 300_000);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  test('are taken while its VM runs, with a name and a note', async () => {
    await labs().chooseFromMenu('cafe', 'Take Snapshot…');
    await window.answer('before');
    await window.answer('fresh from the shop');

    await labs().expand('Snapshots');
    expect(await labs().waitForState('before', 'current')).toMatch(
      /^current · (just now|\d+ minutes? ago) · [\d.]+ [KM]iB · fresh from the shop$/,
    );
    expect(await labs().buttons('before')).toEqual(['Restore Snapshot…', 'Compare Snapshots…']);
    await labs().press('Snapshots', 'Take Snapshot…');
    await window.answer('second');
    await window.answer('');
    await labs().waitForState('second', 'current');
    expect(
      (await labs().rows()).filter(({ label }) => ['Snapshots', 'before', 'second'].includes(label)),
    ).toMatchObject([
      { label: 'Snapshots', level: 2, description: '2' },
      { label: 'before', level: 3 },
      { label: 'second', level: 4 },
    ]);
    await window.screenshot('snapshots-1-taken');
  });

  test('are compared with what is now, in one tab', async () => {
    await writeFile(labFile(), text.replace('memory: 32M', 'memory: 64M'));
    await labs().chooseFromMenu('pc', 'Kill');
    await window.dialog();
    await window.press('Kill');
    await labs().waitForState('cafe', '0 of 1 running');

    await labs().press('before', 'Compare Snapshots…');
    await window.pick('Now');

    const lines = window.page.locator('.multiDiffEditor .view-lines');
    await expect
      .poll(async () => (await lines.allInnerTexts()).join('\n').replaceAll('\u00a0', ' '))
      .toMatch(/memory: 32M[^]*memory: 64M[^]*VM pc: running[^]*VM pc: stopped/);
    await window.screenshot('snapshots-2-compared');
  });

  test('bring the VM and the lab file back, after one question', async () => {
    await labs().press('before', 'Restore Snapshot…');
    expect(await window.dialog()).toContain('cafe.lab.yaml changed since then');
    await window.screenshot('snapshots-3-asked');
    await window.press('Restore with Lab Files');

    await labs().waitForState('cafe', '1 of 1 running', 300_000);
    await labs().waitForState('before', 'current');
    expect(await readFile(labFile(), 'utf8')).toBe(text);
    expect(await readFile(`${labFile()}.before-before`, 'utf8')).toContain('64M');
    await window.screenshot('snapshots-4-restored');
  });

  test('are deleted, and the others stay', async () => {
    await labs().chooseFromMenu('before', 'Delete Snapshot…');
    await window.dialog();
    await window.press('Delete');

    await until('the row to go', async () => !(await labs().rows()).some(({ label }) => label === 'before'));
    expect((await labs().rows()).find(({ label }) => label === 'second')).toMatchObject({ level: 3 });
    expect(existsSync(path.join(folder, 'cafe/snapshots/before'))).toBe(false);
    await window.screenshot('snapshots-5-deleted');
  });
});
