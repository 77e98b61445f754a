import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SocketManagementDialer } from '../../extension/host/management-dialer.ts';
import { parsePorts } from '../../extension/vde/port-table.ts';
import { freeIds } from '../support/free-ids.ts';
import { GuestConsole } from '../support/guest-console.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { until } from '../support/vscode/until.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import type { TextEditor } from '../support/vscode/text-editor.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** Two VMs under software emulation share two cores. */
const patienceMs = 300_000;
const file = 'office.lab.yaml';

/** One story, told in order: each part begins where the one before it ended. */
describe('the VLAN matrix', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;
  let text: string;
  let ann: GuestConsole | undefined;

  beforeAll(async () => {
    const [guest, ids] = await Promise.all([tinyGuestDir(), freeIds(2)]);
    text = [
      'name: office',
      'defaults: { memory: 96M }',
      'switches:',
      '  lan: { network: 10.9.0.0/24, vlans: [10, 20], ports: 8 }',
      '  dmz: {}',
      'vms:',
      `  ann: # first`,
      `    id: ${ids[0]}`,
      '    guest: tiny',
      '    nics: [{ switch: lan, address: 10.9.0.1/24, vlan: 10 }] # hers',
      `  ben: { id: ${ids[1]}, guest: tiny, nics: [{ switch: lan, address: 10.9.0.2/24, vlan: 10 }] }`,
      'wires:',
      '  - { between: [lan, dmz], tagged: [10] }',
      '',
    ].join('\n');
    server = await VsCodeServer.start({ environment: { KVMLAB_ACCEL: 'tcg', STOP_SECONDS: '1' } });
    folder = await server.makeFolder('lab', { files: { [file]: text } });
    await server.makeFolder('lab/guest', { from: guest });
    // Without a file of its own: VS Code would show that alone after a reload, and no tab of before.
    window = await Workbench.open(server, folder);
    await window.openContainer('KVM Lab');
    await window.tree('Labs').press('office', 'Start');
    await window.tree('Labs').waitForState('office', '2 of 2 running', patienceMs);
    ann = await GuestConsole.open(10_000 + ids[0]!);
    ann.type('\r');
    await ann.waitFor(/ann:~# /, patienceMs);
  }, 3 * patienceMs);

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    ann?.close();
    await window.close();
    await server.stop();
  });

  const reachesBen = async (): Promise<boolean> =>
    (await ann!.run('ping -c 3 -W 1 10.9.0.2')).output.includes('bytes from');
  const waitForBen = (): Promise<unknown> => until('ann to reach ben', reachesBen);

  /** Untagged VLAN by port, as the switch itself says. */
  const untagged = async (): Promise<Readonly<Record<number, number>>> => {
    const dialer = new SocketManagementDialer();
    const socket = path.join(server.runRoot, 'office/switch-lan.mgmt');
    const { data } = await dialer.exchange(socket, 'port/allprint');
    dialer.dispose();
    return Object.fromEntries(parsePorts(data).map(port => [port.number, port.vlan]));
  };

  const openMatrix = async (): Promise<void> => {
    await window.runCommand('KVM Lab: Open VLAN Matrix');
    // This host may have other switches of such names.
    await window.pick(/^lan\s*running · lab office/);
  };

  const showFile = async (): Promise<TextEditor> => {
    await window.page.locator('.tab', { hasText: file }).click();
    await window.page.locator('.tab.active', { hasText: file }).waitFor();
    return window.editor();
  };

  const inThemes = async (name: string): Promise<void> => {
    for (const [theme, className] of [
      ['Light Modern', 'vs'],
      ['Dark High Contrast', 'hc-black'],
      ['Dark Modern', 'vs-dark'],
    ] as const) {
      await window.useTheme(theme, className);
      await window.screenshot(`${name}-${className}`);
    }
  };

  test('shows what runs, opened from the row of the switch', async () => {
    await window.tree('Labs').press('lan', 'Open VLAN Matrix');

    await window.vlans.waitForCell(1, 10, 'untagged');
    await window.vlans.waitForCell(8, 10, 'tagged');
    await window.screenshot('vlans-1-open');
    await expect.poll(() => window.vlans.heads()).toEqual({ ports: ['1', '2', '8'], vlans: ['none', '10', '20'] });
    await waitForBen();
  });

  test('is changed by keyboard alone, in ranges, and nothing is in force before it is applied', async () => {
    await window.vlans.click(1, 10);
    await window.vlans.type('ArrowRight', 'Shift+ArrowDown');
    await expect
      .poll(() => window.vlans.selected())
      .toEqual(['port 1, VLAN 20: not in it', 'port 2, VLAN 20: not in it']);
    await window.vlans.type('t');
    await window.vlans.waitForCell(1, 20, /^tagged; changed, is not in it$/);
    await window.vlans.waitForCell(2, 20, /^tagged; changed/);
    await window.vlans.waitForWords('2 ports changed, not in force yet');
    await window.screenshot('vlans-2-range');
    await window.vlans.type('-');
    await window.vlans.waitForCell(2, 20, 'not in it');

    await window.vlans.type('Escape', 'Space');
    await expect.poll(() => window.vlans.focused()).toMatch(/^port 2, .* VLAN 20: untagged; changed/);
    await window.vlans.waitForCell(2, 10, /^not in it; changed, is untagged$/);
    expect(await untagged()).toMatchObject({ 1: 10, 2: 10 });
  });

  test('keeps what was changed over a reload of the window', async () => {
    await window.reload();
    await window.vlans.waitForCell(2, 20, /^untagged; changed/);
    await window.vlans.waitForCell(1, 10, 'untagged');
    await window.screenshot('vlans-3-reloaded');
    await window.openContainer('KVM Lab');
  });

  test('applied now, parts the two VMs; the difference is seen in the matrix, the tree and the problems', async () => {
    await window.problems.show();
    await window.vlans.press('Apply Now');
    await window.vlans.waitForWords('Applied to switch lan.');

    await window.vlans.waitForCell(2, 20, 'untagged; lab file says not in it');
    await window.vlans.waitForCell(2, 10, 'not in it; lab file says untagged');
    expect(await untagged()).toMatchObject({ 1: 10, 2: 20, 8: 0 });
    expect(await reachesBen()).toBe(false);
    await window.tree('Labs').expand('lan');
    await window.tree('Labs').waitForState('port 2', 'differs from the lab file: untagged 20, file says 10');
    await window.quickOpen(file);
    await window.problems.waitFor('Port 2 of switch lan runs otherwise (ben NIC 1): untagged 20, file says 10.');
    await window.screenshot('vlans-4-drift');
  });

  test('written to the lab file, the difference is gone, and Ctrl+Z takes it back', async () => {
    await openMatrix();
    await window.vlans.press('Adopt into Lab File');
    await window.vlans.waitForWords(`Written into ${file}, which is not saved yet.`);
    await window.vlans.waitForCell(2, 20, 'untagged');
    await window.problems.waitForNone();

    const editor = await showFile();
    await window.screenshot('vlans-5-written');
    expect(await editor.waitForText('address: 10.9.0.2/24, vlan: 20 }')).toContain('vlan: 10 }] # hers');
    await editor.undoAll();
    await editor.waitForText('address: 10.9.0.2/24, vlan: 10 }');
    await window.problems.waitFor('Port 2 of switch lan runs otherwise');
    expect(await readFile(path.join(folder, file), 'utf8')).toBe(text);
  });

  test('quick fixes in the lab file bring the two together, either way', async () => {
    const editor = window.editor();
    await editor.quickFix('10.9.0.2/24, vlan: 10', 'Adopt what runs on port 2');
    await window.problems.waitForNone();
    await editor.waitForText('address: 10.9.0.2/24, vlan: 20 }');
    await editor.undoAll();

    await window.problems.waitFor('Port 2 of switch lan runs otherwise');
    await editor.quickFix('10.9.0.2/24, vlan: 10', 'Apply the lab file to switch lan');
    await window.problems.waitForNone();
    expect(await untagged()).toMatchObject({ 1: 10, 2: 10 });
    await waitForBen();
  });

  test('applied and written at once with a new VLAN, for both VMs', async () => {
    await openMatrix();
    await window.vlans.addVlan(30);
    await window.vlans.click(1, 30);
    await window.vlans.type('Shift+ArrowDown', 'u');
    await window.vlans.click(8, 30);
    await window.vlans.type('t');
    await window.vlans.waitForCell(8, 30, /^tagged; changed/);
    await inThemes('vlans-6-changed');
    await window.vlans.press('Apply and Write');
    await window.vlans.waitForWords(`Applied to switch lan. Written into ${file}, which is not saved yet.`);

    await window.vlans.waitForCell(1, 30, 'untagged');
    await window.vlans.waitForCell(8, 30, 'tagged');
    expect(await untagged()).toMatchObject({ 1: 30, 2: 30 });
    await waitForBen();
    const editor = await showFile();
    await editor.waitForText('nics: [{ switch: lan, address: 10.9.0.1/24, vlan: 30 }] # hers');
    await editor.waitForText('tagged: [10, 30] }');
    await window.screenshot('vlans-7-both');
    await editor.undoAll();
  });

  test('the switch is made as the lab file says again', async () => {
    await openMatrix();
    await window.vlans.waitForWords(/^Differs from the lab file: ports 1, 2, 8/);
    await inThemes('vlans-8-drift');
    await window.vlans.press('Apply Lab File');

    await window.vlans.waitForCell(1, 10, 'untagged');
    await window.vlans.waitForWords('Switch lan is as its lab file says.');
    expect(await untagged()).toMatchObject({ 1: 10, 2: 10 });
    await waitForBen();
  });

  test('of a switch that does not run is written into the lab file only', async () => {
    await window.tree('Labs').press('office', 'Stop');
    await window.vlans.waitForWords('Switch lan does not run', patienceMs);
    await window.vlans.click(1, 20);
    await window.vlans.type('u');
    await window.screenshot('vlans-9-stopped');
    await expect.poll(() => window.vlans.button('Apply Now').isEnabled()).toBe(false);
    await window.vlans.press('Write to Lab File');

    await window.vlans.waitForCell(1, 20, 'untagged');
    const editor = await showFile();
    await editor.waitForText('address: 10.9.0.1/24, vlan: 20 }] # hers');
  });
});
