import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { labDiagram } from '../../extension/diagram/from-lab.ts';
import { pictureOf } from '../../extension/diagram/layout/layouts.ts';
import type { Box, Point } from '../../extension/diagram/picture.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { toScreen } from '../../webview/topology/viewport.ts';
import { freeIds } from '../support/free-ids.ts';
import { bigLab } from '../support/lab-generator.ts';
import { EditedLab } from '../support/vscode/edited-lab.ts';
import { type Workbench } from '../support/vscode/workbench.ts';

/** One story, told in order: each part begins where the one before it ended. */
describe('a lab that is edited by the menus of its picture, and in all colours', () => {
  let lab: EditedLab;
  let window: Workbench;
  const big = bigLab(210, 40);

  beforeAll(async () => {
    const [first, second] = await freeIds(2);
    const lines = [
      'switches:',
      '  lan: { network: 192.168.10.0/24, vlans: [20] }',
      '  dmz: { network: 10.1.0.0/24 }',
      'vms:',
      '  fw:',
      `    id: ${first} # the wall`,
      '    nics:',
      '      - { switch: lan, address: 192.168.10.1/24 }',
      '      - { switch: dmz, address: 10.1.0.1/24 }',
      '  pc:',
      `    id: ${second}`,
      '    nics: [{ switch: lan, address: 192.168.10.20/24 }] # cable',
      'picture: { pins: { fw: { column: 2, row: 1 } } }',
      '',
    ];
    lab = await EditedLab.open({ file: 'more.lab.yaml', lines, files: { 'big.lab.yaml': big } });
    ({ window } = lab);
    await window.picture.waitForText('192.168.10.0/24');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(() => lab.close());

  /** What saving the file has added to it. */
  const added = (file = 'more.lab.yaml') => lab.added(file);

  test('sets the VLANs of a NIC', async () => {
    await window.picture.chooseFromMenu(/^pc NIC 1, on lan/, 'Set VLANs in Lab File…');
    await window.answer('20');
    await window.answer('none');
    await window.picture.waitForText('VLAN 20');
    await window.screenshot('picture-more-1-vlan');

    expect(await added()).toEqual(['    nics: [{ switch: lan, address: 192.168.10.20/24, vlan: 20 }] # cable']);
  });

  test('sets the address of a NIC, and refuses what is none', async () => {
    await window.picture.chooseFromMenu(/^fw NIC 2, on dmz/, 'Set Address…');
    await window.answer('10.1.0');
    await window.page.locator('.quick-input-message').filter({ hasText: '"10.1.0" is no address' }).waitFor();
    await window.answer('10.1.0.9/24, fd00::9/64');
    await window.picture.waitForText('fd00::9/64');

    expect(await added()).toEqual(['      - { switch: dmz, address: [10.1.0.9/24, "fd00::9/64"] }']);
  });

  test('groups a VM and takes it out again', async () => {
    await window.picture.chooseFromMenu(/^pc, VM/, 'Group VMs…');
    await window.answer('office');
    await window.picture.waitForThing(/^office, group/);
    await window.screenshot('picture-more-2-group');
    expect(await added()).toEqual(['groups:', '  office: { vms: [pc] }']);

    await window.picture.chooseFromMenu(/^office, group/, 'Ungroup');
    await window.picture.waitForNoThing(/^office, group/);
    expect(await added()).toEqual([]);
    expect(lab.lines.join('\n')).not.toContain('office');
  });

  test('lets go of a VM that was pinned', async () => {
    await window.picture.chooseFromMenu(/^fw, VM/, 'Unpin in Picture');
    await expect.poll(() => window.page.locator('.tab.dirty').count()).toBe(1);

    expect(await added()).toEqual([]);
    expect(lab.lines.join('\n')).not.toContain('picture:');
  });

  test('leaves the keyboard where it is while the file is typed in, also when what was selected goes', async () => {
    const { picture } = window;
    await picture.select(/^pc, VM/);
    const editor = window.editor();
    await editor.replace('  pc', '  desk');
    await picture.waitForThing(/^desk, VM/);
    await editor.type('s');
    await picture.waitForThing(/^desks, VM/);

    await editor.undoAll();
    await picture.waitForThing(/^pc, VM/);
  });

  test('is dragged in light colours: a NIC gets an address of its new network, which is said', async () => {
    const { picture } = window;
    await window.useTheme('Light Modern', 'vs');
    await picture.drag(picture.line('192.168.10.1/24'), picture.name('dmz'), async () => {
      await expect.poll(() => picture.promise()).toBe('Move fw NIC 1 to dmz');
      await window.screenshot('picture-more-3-drag-light');
    });
    await picture.waitForText('10.1.0.1/24');
    expect(await window.notification(/NIC 1 of fw has/)).toContain("192.168.10.1/24 is outside of dmz's network");
    await window.screenshot('picture-more-4-moved');

    expect(await added()).toEqual(['      - { switch: dmz, address: 10.1.0.1/24 }']);
    await picture.click('fw');
    await window.page.keyboard.press('Control+Z');
    await picture.waitForText('192.168.10.1/24');
    expect(await added()).toEqual(['      - { switch: lan, address: 192.168.10.1/24 }']);
  });

  test('is dragged in high contrast', async () => {
    const { picture } = window;
    await window.useTheme('Dark High Contrast', 'hc-black');
    await picture.drag(picture.name('pc'), picture.name('dmz'), async () => {
      await expect.poll(() => picture.promise()).toBe('Connect pc to dmz');
      await window.screenshot('picture-more-5-drag-contrast');
    });
    await picture.waitForThing(/^pc NIC 2, on dmz/);

    expect(await added()).toHaveLength(1);
  });

  test('is dragged on a canvas too', async () => {
    const { picture } = window;
    lab.lines = big.split('\n');
    await window.quickOpen('big.lab.yaml');
    await window.runCommand('KVM Lab: Open Picture');
    await picture.waitForThing(/^vm2 NIC 2, on s3\b/, 60_000);
    await picture.press('Fit');
    const from = await placeOf('vm2');
    const to = await placeOf('s0');
    await picture.dragPlaces(from, to, async () => {
      await expect.poll(() => picture.promise()).toBe('Connect vm2 to s0');
      await window.screenshot('picture-more-6-canvas');
    });
    await picture.waitForThing(/^vm2 NIC 3, on s0\b/);

    expect(await added('big.lab.yaml')).toEqual([expect.stringMatching(/^ {6}- \{ switch: s0, address: 10\.0\./)]);
  });

  /** The middle of a VM's box or of a switch's name in the large picture, on the screen. */
  async function placeOf(name: string): Promise<Point> {
    const { lab: drawn } = readLab(big);
    if (!drawn) throw new Error('The generated lab cannot be read');
    const { nodes, networks, size } = pictureOf(labDiagram(drawn), 'clear');
    const box: Box | undefined =
      nodes.find(({ node }) => node.id === name)?.box ?? networks.find(({ network }) => network.id === name)?.labelBox;
    if (!box) throw new Error(`${name} is not in the picture`);
    return toScreen(await window.picture.placing(size), {
      x: (box.left + box.right) / 2,
      y: (box.top + box.bottom) / 2,
    });
  }
});
