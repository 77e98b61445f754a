import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EditedLab } from '../support/vscode/edited-lab.ts';
import { type Workbench } from '../support/vscode/workbench.ts';

const file = 'rows.lab.yaml';

/** One story, told in order: each part begins where the one before it ended. */
describe('a picture of rows, a template and an included file', () => {
  let lab: EditedLab;
  let window: Workbench;
  let lines: readonly string[];

  beforeAll(async () => {
    const common = 'switches:\n  wan: { network: 10.9.0.0/24 }\nvms:\n  dns: { id: 9001, nics: [{ switch: wan }] }\n';
    lines = [
      'include: shared/common.yaml',
      'templates:',
      '  small: { guest: tiny, nics: [{ switch: wan }] }',
      'switches:',
      '  lan: { network: 192.168.10.0/24 }',
      'vms:',
      '  fw: { id: 9002, extends: small } # the wall',
      '  web: { id: 9100, count: 3, nics: [{ switch: lan, address: 192.168.10.10/24 }] } # all alike',
      "groups: { front: { vms: ['web-*'] } }",
      '',
    ];
    lab = await EditedLab.open({ file, lines, files: { 'shared/common.yaml': common } });
    ({ window } = lab);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(() => lab.close());

  test('shows all of them, and follows the included file', async () => {
    for (const name of ['dns', 'fw', 'web-1', 'web-3']) await window.picture.waitForThing(new RegExp(`^${name}, VM`));
    await window.picture.waitForText('192.168.10.12/24');
    await window.picture.waitForText('10.9.0.0/24');
    await window.screenshot('picture-elsewhere-1');
  });

  test('refuses to move the NIC of a row, says where that stands, and leads there', async () => {
    const { picture } = window;
    await picture.drag(picture.line('192.168.10.11/24'), picture.name('wan'));
    expect(await window.notification(/web-2 is one of the 3/)).toContain(`${file}:8: `);
    await window.screenshot('picture-elsewhere-2-refused');
    await window.press(`Show in ${file}`);
    await window.statusBarItem('Ln 8, Col 3');

    expect(await lab.added(file)).toEqual([]);
  });

  test('says of what is included where it stands, before it asks for a name', async () => {
    await window.picture.chooseFromMenu(/^dns, VM/, 'Rename…');
    expect(await window.notification(/VM dns stands in common\.yaml/)).toContain('common.yaml:4: ');
    await window.press('Show in common.yaml');
    await window.statusBarItem('Ln 4, Col 3');
    await window.quickOpen(file);
  });

  test('lowers the count for the last VM of a row, and asks before', async () => {
    await window.picture.chooseFromMenu(/^web-1, VM/, 'Delete from Lab File');
    expect(await window.notification(/loses VMs from its end only/)).toContain('Delete web-2, web-3 as well');

    await window.picture.chooseFromMenu(/^web-3, VM/, 'Delete from Lab File');
    expect(await window.dialog()).toContain('Row web will count 2 instead of 3.');
    await window.screenshot('picture-elsewhere-3-question');
    await window.press('Delete');
    await window.picture.waitForNoThing(/^web-3, VM/);

    expect(await lab.added(file)).toEqual([lines[7]?.replace('count: 3', 'count: 2')]);
  });

  test('renames a row for one of its VMs, with what names them', async () => {
    await window.picture.click('web-2');
    await window.picture.waitForSelected(/^web-2, VM/);
    await window.page.keyboard.press('F2');
    await window.answer('www');
    await window.picture.waitForThing(/^www-2, VM/);

    expect(await lab.added(file)).toEqual([
      expect.stringMatching(/^ {2}www: /),
      'groups: { front: { vms: ["www-*"] } }',
    ]);
  });

  test('is exported with all that is included', async () => {
    await window.runCommand('KVM Lab: Export Picture…');
    await window.pick('Graphviz');
    const dialog = window.page.locator('.quick-input-widget:visible input.input');
    await expect.poll(() => dialog.inputValue()).toBe(path.join(lab.folder, 'rows.dot'));
    await window.answer(path.join(lab.folder, 'rows.dot'));
    await window.notification('The picture of rows.lab.yaml is in rows.dot');

    const dot = await readFile(path.join(lab.folder, 'rows.dot'), 'utf8');
    for (const name of ['dns', 'fw', 'www-1', 'wan']) expect(dot).toContain(name);
  });
});
