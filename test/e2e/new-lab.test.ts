import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/vscode/until.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

describe('somebody with an empty folder', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;

  beforeAll(async () => {
    server = await VsCodeServer.start();
    folder = await server.makeFolder('w', { files: { 'notes.txt': 'mine\n' } });
    window = await Workbench.open(server, folder);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  const labs = async (): Promise<readonly string[]> =>
    (await readdir(folder)).filter(name => name.endsWith('.lab.yaml')).sort();

  const makeLab = async (name: string): Promise<void> => {
    await window.runCommand('KVM Lab: New Lab');
    await window.pick('Firewall');
    await window.answer(name);
    await window.pick('w');
  };

  test('is told by the empty view what to do', async () => {
    await window.openContainer('KVM Lab');

    const isOffered = async () => (await window.tree('Labs').welcome()).includes('Create a Lab');
    await until('the offer to create a lab', isOffered);
    await window.screenshot('8-empty');
  });

  test('makes a lab from a template: it opens, has no problem and is in the tree', async () => {
    await makeLab('mine');

    await window.tree('Labs').waitForState('mine', /^0 of \d running$/);
    expect(await labs()).toEqual(['mine.lab.yaml']);
    // The one thing to be said of it: its VMs boot the tiny guest, which nobody has built here.
    await window.problems.show();
    await window.problems.waitFor('tiny guest');
    expect((await window.problems.texts()).filter(text => text.includes('error'))).toEqual([]);
    expect(await window.editor().squiggles()).toBe(0);
    await window.screenshot('9-new-lab');
  });

  test('is refused the same name again, and nothing is overwritten', async () => {
    const before = await readFile(path.join(folder, 'mine.lab.yaml'), 'utf8');

    await makeLab('mine');

    expect(await window.notification('is there already')).toContain('nothing was written');
    expect(await readFile(path.join(folder, 'mine.lab.yaml'), 'utf8')).toBe(before);
  });

  test('makes a second lab, whose IDs are others than those of the first', async () => {
    await makeLab('second');

    await window.tree('Labs').waitForState('second', /^0 of \d running$/);
    const ids = async (name: string): Promise<readonly string[]> =>
      (await readFile(path.join(folder, `${name}.lab.yaml`), 'utf8')).match(/\bid: \d+/g) ?? [];
    const [first, second] = [await ids('mine'), await ids('second')];
    expect(first.length).toBeGreaterThan(0);
    expect(second.filter(id => first.includes(id))).toEqual([]);
  });

  test('opens a sample lab into the folder', async () => {
    await window.runCommand('KVM Lab: Open Sample Lab');
    await window.pick('vlans');
    await window.pick('w');

    await window.tree('Labs').waitForState('vlans', '0 of 4 running');
    expect(await labs()).toContain('vlans.lab.yaml');
    await window.screenshot('10-sample');
  });
});
