import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { EditedLab } from '../support/vscode/edited-lab.ts';
import { type Workbench } from '../support/vscode/workbench.ts';

/** One story, told in order: each part begins where the one before it ended. */
describe('a lab that is edited in its picture', () => {
  let lab: EditedLab;
  let window: Workbench;
  let lines: readonly string[];

  beforeAll(async () => {
    const [first, second] = await freeIds(2);
    lines = [
      'name: edit # by hand',
      'switches:',
      '  lan: { network: 192.168.10.0/24 } # the office',
      '  dmz: { network: 10.1.0.0/24 }',
      'vms:',
      '  # the wall',
      `  fw: { id: ${first}, memory: 32M, accel: tcg, nics: [{ switch: lan }, { switch: dmz, address: 10.1.0.1/24 }] }`,
      '  pc:',
      `    id: ${second} # mine`,
      '    memory: 32M',
      '    accel: tcg',
      '    nics:',
      '      - { switch: lan, address: dhcp } # cable',
      'groups: { office: { vms: [pc] } }',
      '',
    ];
    lab = await EditedLab.open({ file: 'edit.lab.yaml', lines, server: { environment: { STOP_SECONDS: '1' } } });
    ({ window } = lab);
    await window.tree('Labs').waitForState('edit', '0 of 2 running');
    await window.picture.waitForText('192.168.10.0/24');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(() => lab.close());

  const saved = () => lab.save('edit.lab.yaml');

  const moved = '      - { switch: dmz, address: dhcp } # cable';

  test('changes one line when a NIC is dragged to another bus, and takes it back', async () => {
    const { picture } = window;
    await picture.drag(picture.line('dhcp'), picture.name('dmz'), async () => {
      await expect.poll(() => picture.promise()).toBe('Move pc NIC 1 to dmz');
      await window.screenshot('picture-edit-1-dragged');
    });
    await picture.waitForThing(/^pc NIC 1, on dmz/);
    await window.screenshot('picture-edit-2-moved');
    expect(await saved()).toEqual(lines.with(12, moved));

    await picture.click('pc');
    await picture.waitForSelected(/^pc, VM/);
    await window.page.keyboard.press('Control+Z');
    await picture.waitForThing(/^pc NIC 1, on lan/);

    expect(await saved()).toEqual(lines);
  });

  test('gets a VM by the keyboard alone', async () => {
    await window.picture.focus();
    await window.page.keyboard.press('Insert');
    await window.answer('web');
    const rows = window.page.locator('.quick-input-widget.show-checkboxes .monaco-list-row');
    await rows.first().waitFor();
    await window.page.keyboard.press('ArrowDown');
    await window.page.keyboard.press('Space');
    await expect.poll(() => rows.getByRole('checkbox', { checked: true }).count()).toBe(1);
    await window.screenshot('picture-edit-3-switches');
    await window.page.keyboard.press('Enter');

    await window.picture.waitForThing(/^web, VM/);
    const now = await saved();
    expect(now.filter(line => !lines.includes(line)).map(line => line.replace(/\d+$/, 'N'))).toEqual([
      '  web:',
      '    id: N',
      '    guest: tiny',
      expect.stringMatching(/^ {6}- \{ switch: (lan, address: 192\.168\.10\.1|dmz, address: 10\.1\.0\.2)\/24 \}$/),
    ]);
    lines = now;
  });

  test('renames a VM, and its group follows', async () => {
    await window.picture.click('pc');
    await window.picture.waitForSelected(/^pc, VM/);
    await window.page.keyboard.press('F2');
    await window.answer('desk');

    await window.picture.waitForThing(/^desk, VM/);
    const wanted = lines.map(line => line.replace('  pc:', '  desk:').replace('[pc]', '[desk]'));
    expect(await saved()).toEqual(wanted);
    lines = wanted;
  });

  test('connects a VM, wires two switches and deletes the wire from its menu', async () => {
    const { picture } = window;
    await picture.drag(picture.name('desk'), picture.name('dmz'));
    await picture.waitForThing(/^desk NIC 2, on dmz/);
    await picture.drag(picture.name('lan'), picture.name('dmz'));
    await picture.waitForThing(/^lan – dmz, wire/);
    await window.screenshot('picture-edit-4-wired');
    await picture.select(/^lan – dmz, wire/);
    await window.page.keyboard.press('Delete');
    await picture.waitForNoThing(/^lan – dmz, wire/);

    const now = await saved();
    expect(now.filter(line => !lines.includes(line))).toEqual(['      - { switch: dmz }']);
    lines = now;
  });

  test('keeps a VM where it was dragged, also after a reload', async () => {
    const { picture } = window;
    await picture.drag(picture.name('desk'), picture.name('desk'), () => window.screenshot('picture-edit-5-pin'), {
      x: 0,
      y: 160,
    });
    await expect.poll(() => window.page.locator('.tab.dirty').count()).toBe(1);
    const now = await saved();
    expect(now.filter(line => !lines.includes(line))).toEqual([
      'picture:',
      '  pins:',
      expect.stringMatching(/^ {4}desk: \{ column: \d, row: \d \}$/),
    ]);
    const placed = await picture.name('desk').getAttribute('x');

    await window.waitForSavedState('"mode":"clear"');
    // Without a file of its own: VS Code shows that alone, and no tab of before.
    await window.show(lab.folder);
    await window.openContainer('KVM Lab');
    await picture.waitForThing(/^desk, VM/, 60_000);
    await window.screenshot('picture-edit-6-pinned');

    await expect.poll(() => picture.name('desk').getAttribute('x')).toBe(placed);
    lines = now;
  });

  test('offers to apply what was dragged while it runs, and asks before it deletes what runs', async () => {
    const { picture } = window;
    await window.tree('Labs').press('fw', 'Start');
    await picture.waitForThing(/^fw, VM, running/, 300_000);
    await picture.drag(picture.name('fw'), picture.name('dmz'));
    await picture.waitForThing(/^fw NIC 3, on dmz/);
    await saved();
    expect(await window.notification(/to edit/)).toContain('Show Plan');
    await window.screenshot('picture-edit-7-offer');

    await picture.click('fw');
    await picture.waitForSelected(/^fw, VM/);
    await window.page.keyboard.press('Delete');
    expect(await window.dialog()).toContain('Delete VM fw from the lab file? fw runs.');
    await window.screenshot('picture-edit-8-question');
    await window.page.keyboard.press('Escape');
    await picture.waitForThing(/^fw, VM, running/);
  });
});
