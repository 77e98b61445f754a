import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** One story, told in order: each part begins where the one before it ended. */
describe('a lab file in an editor', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let ids: readonly number[];

  beforeAll(async () => {
    ids = await freeIds(2);
    const lines = [
      '# An office behind a firewall.',
      '# Colours tell what a name is.',
      'name: named',
      'switches:',
      '  lan: { network: 192.168.10.0/24, vlans: [10] }',
      '  dmz: { network: 10.1.0.0/24 }',
      'vms:',
      '  fw: # the wall',
      `    id: ${ids[0]}`,
      '    memory: 32M',
      '    accel: tcg',
      '    nics:',
      '      - { switch: lan, address: 192.168.10.1/24 }',
      '      - { switch: dmz, address: 10.1.0.1/24 }',
      '  pc:',
      `    id: ${ids[1]}`,
      '    memory: 32M',
      '    gateway: 192.168.10.1',
      '    nics: [{ switch: lan, vlan: 10 }]',
      'groups:',
      '  office: { vms: [pc], colour: "#F5C26B" }',
      'wires:',
      '  - { between: [lan, dmz] }',
      '',
    ];
    server = await VsCodeServer.start({
      settings: { 'kvmlab.inlayHints': true },
      environment: { STOP_SECONDS: '1' },
    });
    const folder = await server.makeFolder('lab', { files: { 'named.lab.yaml': lines.join('\n') } });
    window = await Workbench.open(server, folder, 'named.lab.yaml');
    await window.openContainer('KVM Lab');
    await window.tree('Labs').waitForState('named', '0 of 2 running');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  /** What stands above lines, in their order. */
  const lenses = async (): Promise<readonly string[]> =>
    (await window.page.locator('.editor-instance .codelens-decoration').allInnerTexts()).map(text =>
      text.replaceAll(/\s+/g, ' ').trim(),
    );

  test('shows what follows from IDs and NICs behind them', async () => {
    const shown = async (): Promise<string> => window.editor().text();

    await expect.poll(shown).toContain(`${ids[0]}serial ${10_000 + ids[0]!} · monitor ${20_000 + ids[0]!}`);
    await expect.poll(shown).toMatch(/10\.1\.0\.1\/24 \}52:54:00:[\da-f:]+:02 · port 1/);
  });

  test('says above each VM what it does, also when that changes', async () => {
    await expect
      .poll(lenses)
      .toEqual([
        expect.stringMatching(/Start Lab.*Picture/),
        expect.stringMatching(/Start.*Picture/),
        expect.stringMatching(/Start.*Picture/),
      ]);

    await window.tree('Labs').press('fw', 'Start');

    await expect
      .poll(lenses)
      .toEqual([
        expect.stringMatching(/1 of 2 running.*Start Lab.*Stop Lab.*Picture/),
        expect.stringMatching(/running.*Stop.*Console.*Picture/),
        expect.stringMatching(/Start.*Picture/),
      ]);
    await window.screenshot('names-1-dark');
  });

  test('has a colour for each kind of name, in light as well', async () => {
    const colourOf = (text: string): Promise<string | undefined> =>
      window.page
        .locator('.editor-instance .view-line span span', { hasText: new RegExp(`^${text}$`) })
        .first()
        .evaluate(element => getComputedStyle(element).color);
    const apart = async (): Promise<number> =>
      new Set(await Promise.all(['fw', 'dmz', 'office', 'memory'].map(colourOf))).size;

    await expect.poll(apart).toBe(4);
    await window.useTheme('Light Modern', 'vs');
    await expect.poll(apart).toBe(4);
    await window.screenshot('names-2-light');
  });

  test('refuses to rename a VM that runs, and renames another with F2', async () => {
    await window.editor().select('fw');
    await window.page.keyboard.press('F2');
    await expect
      .poll(() => window.page.locator('.monaco-editor-overlaymessage').allInnerTexts())
      .toEqual([expect.stringContaining('fw runs')]);
    await window.page.keyboard.press('Escape');

    await window.editor().select('pc');
    await window.page.keyboard.press('F2');
    await window.page.locator('.rename-box input').fill('desk');
    await window.page.keyboard.press('Enter');

    await expect.poll(() => window.editor().text()).toContain('office: { vms: [desk]');
    await window.tree('Labs').waitForState('desk', 'stopped');
    await window.screenshot('names-3-renamed');
  });
});
