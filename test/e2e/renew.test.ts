import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { MergeEditor } from '../support/vscode/merge-editor.ts';
import { until } from '../support/vscode/until.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** One story, told in order: each part begins where the one before it ended. */
describe('scripts that were edited by hand', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let merge: MergeEditor;
  let folder: string;
  let ids: readonly number[];

  /** A lab of two VMs, or of one. */
  const labText = (memory: string, isWhole = true): string =>
    [
      'name: held',
      'vms:',
      `  a: { id: ${ids[0]}, memory: ${memory} } # mine`,
      ...(isWhole ? [`  b: { id: ${ids[1]}, memory: ${memory} }`] : []),
      '',
    ].join('\n');

  beforeAll(async () => {
    ids = await freeIds(2);
    server = await VsCodeServer.start();
    folder = await server.makeFolder('w', { files: { 'held.lab.yaml': labText('256M') } });
    window = await Workbench.open(server, folder);
    merge = new MergeEditor(window.page);
    await window.openContainer('KVM Lab');
    await window.tree('Labs').waitForState('held', '0 of 2 running');
    await window.tree('Labs').expand('held');
    await window.tree('Labs').expand('VMs');
    await renew();
    await waitForScript('b', 'RAM=');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  const inFolder = (name: string): string => path.join(folder, name);
  const script = (name: string): string => inFolder(`held/${name}.sh`);
  const labNow = (): Promise<string> => readFile(inFolder('held.lab.yaml'), 'utf8');
  const renew = (): Promise<void> => window.tree('Labs').chooseFromMenu('held', 'Renew Scripts');

  async function waitForScript(name: string, text: string): Promise<void> {
    await until(`${text} in the script of ${name}`, async () => {
      const isThere =
        (await readdir(folder)).includes('held') && (await readdir(inFolder('held'))).includes(`${name}.sh`);
      return isThere && (await readFile(script(name), 'utf8')).includes(text);
    });
  }

  async function edit(name: string, from: string, to: string): Promise<void> {
    const text = await readFile(script(name), 'utf8');
    expect(text).toContain(from);
    await writeFile(script(name), text.replace(from, to));
  }

  /** The titles of the open editors. */
  const tabs = (): Promise<readonly string[]> => window.page.locator('.tab .label-name').allInnerTexts();

  /** The lines on the screen of both sides of a difference. */
  const diff = (): Promise<readonly string[]> =>
    window.page.locator('.monaco-diff-editor .editor .view-lines').allInnerTexts();

  test('are marked in the tree, and only they', async () => {
    await edit('a', 'RAM=256M', 'RAM=1G');

    await expect.poll(() => window.tree('Labs').mark('a')).toBe('✎');
    expect(await window.tree('Labs').mark('b')).toBe('');
    await window.tree('Labs').row('a').hover();
    await window.screenshot('renew-1-marked');
  });

  test('are listed by what was changed, and opened beside what is generated', async () => {
    await window.runCommand('KVM Lab: Show What Differs');

    expect(await window.picks.rows()).toEqual([
      expect.stringMatching(/^held: a\.sh ?by hand: RAM a\.sh: .*RAM 256M → 1G$/),
    ]);
    await window.screenshot('renew-2-differences');
    await window.pick('a.sh');

    await expect.poll(tabs).toContainEqual('a.sh: generated ↔ yours');
    await expect.poll(diff).toEqual([expect.stringContaining('RAM=256M'), expect.stringContaining('RAM=1G')]);
    await window.screenshot('renew-3-generated');
  });

  test('that clash are on the screen three ways, and closing their editors writes nothing', async () => {
    await writeFile(inFolder('held.lab.yaml'), labText('512M'));
    await edit('b', 'RAM=256M', 'RAM=2G');
    await expect.poll(() => window.tree('Labs').mark('b')).toBe('✎');
    await window.runCommand('View: Close All Editors');

    await renew();
    expect(await window.picks.rows()).toEqual([
      expect.stringContaining('a.sh: RAM'),
      expect.stringContaining('b.sh: RAM'),
    ]);
    await expect.poll(tabs).toEqual(['Merging: a.sh']);
    await expect.poll(() => merge.sides()).toEqual(['RAM=1G', 'RAM=512M', 'RAM=1G']);
    await window.screenshot('renew-4-clash');
    await window.picks.pressTitle('Merge in the Editor');
    expect(await window.notification('take what counts')).toContain('a.sh: ');
    await window.screenshot('renew-5-merging');
    await merge.close('a.sh');
    await merge.close('b.sh');
    expect(await window.notification('as merged')).toContain('Write a.sh, b.sh of held as merged?');
    await window.press('Discard');

    await expect.poll(tabs).toEqual([]);
    expect(await readFile(script('a'), 'utf8')).toContain('#| RAM=256M');
    expect(await readFile(script('b'), 'utf8')).toContain('#| RAM=256M');
  });

  test('that clash are adopted by a button', async () => {
    await renew();
    await window.picks.waitForTitle('Renew held');
    await window.picks.press('b.sh: RAM', 'Show');
    await expect.poll(tabs).toContainEqual('Merging: b.sh');
    await window.picks.pressTitle('Adopt All into the Lab File');

    expect(await window.notification('Put into the lab file')).toContain('a.sh: RAM, b.sh: RAM');
    expect(await window.editor().waitForText('memory: 1G')).toContain('memory: 2G');
    await window.screenshot('renew-6-adopted');
    expect(await labNow()).toBe(labText('512M'));
    expect(await readFile(script('a'), 'utf8')).toContain('RAM=1G');
  });

  test('lose their mark when the lab file says the same', async () => {
    await window.editor().save();
    await renew();

    await waitForScript('a', '#| RAM=1G');
    await expect.poll(() => window.tree('Labs').mark('a')).toBe('');
    await expect.poll(() => window.tree('Labs').mark('b')).toBe('');
  });

  test('and were merged are written when that is said, with a copy beside them', async () => {
    await edit('a', 'RAM=1G', 'RAM=3G');
    await writeFile(inFolder('held.lab.yaml'), labText('512M'));
    await window.runCommand('View: Close All Editors');

    await renew();
    await window.picks.waitForTitle('Renew held');
    await window.picks.pressTitle('Merge in the Editor');
    await window.notification('take what counts');
    await merge.swap('Yours', 'Lab File');
    await expect.poll(() => merge.sides()).toEqual(['RAM=3G', 'RAM=512M', 'RAM=512M']);
    await window.screenshot('renew-7-merged');
    await merge.close('a.sh');
    await window.notification('as merged');
    await window.press('Write');

    await waitForScript('a', '#| RAM=512M');
    await waitForScript('b', '\nRAM=512M');
    expect(await readFile(script('a'), 'utf8')).toContain('\nRAM=512M\n');
    expect(await readFile(`${script('a')}.edited-1`, 'utf8')).toContain('#| RAM=1G');
  });

  test('of a VM that is gone are deleted after a question only', async () => {
    await writeFile(inFolder('held.lab.yaml'), labText('1G', false));
    await window.tree('Labs').waitForState('held', '0 of 1 running');
    await edit('b', 'RAM=512M', 'RAM=3G');

    await renew();
    expect(await window.notification('has no more')).toContain('b.sh (edited by hand)');
    await window.screenshot('renew-8-gone');
    await window.press('Keep');
    expect(await readdir(inFolder('held'))).toContain('b.sh');

    await renew();
    await window.notification('has no more');
    await window.press('Delete');
    await until('b.sh to be gone', async () => !(await readdir(inFolder('held'))).includes('b.sh'));
    expect(await readdir(inFolder('held'))).toContain('a.sh');
  });
});
