import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

const sample = path.resolve(import.meta.dirname, '../../extension/samples/firewall/firewall.lab.yaml');
const patience = { timeout: 120_000, interval: 100 };

/** One story, told in order: each part begins where the one before it ended. */
describe('the picture of a lab', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    const text = await readFile(sample, 'utf8');
    const ids = await freeIds(4);
    let next = 0;
    const own = text.replaceAll(/\bid: \d+/g, () => `id: ${ids[next++]}`);
    server = await VsCodeServer.start({ environment: { KVMLAB_ACCEL: 'tcg', STOP_SECONDS: '1' } });
    folder = await server.makeFolder('lab', { files: { 'firewall.lab.yaml': own } });
    await server.makeFolder('lab/guest', { from: await tinyGuestDir() });
    file = path.join(folder, 'firewall.lab.yaml');
    window = await Workbench.open(server, folder, 'firewall.lab.yaml');
    await window.openContainer('KVM Lab');
    await window.tree('Labs').waitForState('firewall', '0 of 3 running');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  test('opens beside the file from its title bar, with every VM and switch in words and drawn', async () => {
    await window.page.locator('.editor-actions .action-label[aria-label^="Open Picture"]').first().click();

    await window.picture.waitForText('192.168.10.0/24');
    await window.picture.waitForThing(/^fw, VM, stopped/);
    await window.screenshot('picture-1-open');
    const named = async () => (await window.picture.things()).map(words => words.split(',')[0]);
    await expect.poll(named).toEqual(expect.arrayContaining(['lan', 'dmz', 'fw', 'pc', 'web', 'office']));
    await expect
      .poll(() => window.picture.texts())
      .toEqual(expect.arrayContaining(['fw', 'pc', 'web', 'stopped', '10.1.0.80/24']));
  });

  test('shows a VM as soon as it is typed, and takes it back', async () => {
    const before = await readFile(file, 'utf8');
    await window
      .editor()
      .replace('groups:', '  late: { id: 9123, nics: [{ switch: dmz, address: 10.1.0.99/24 }] }\ngroups:');

    await window.picture.waitForText('late');
    await window.picture.waitForThing(/^late NIC 1, on dmz, 10\.1\.0\.99\/24/);
    await window.screenshot('picture-2-typed');
    await window.editor().undoAll();
    await window.picture.waitForNoThing(/^late/);

    expect(await readFile(file, 'utf8')).toBe(before);
  });

  test('selects in tree and file what is selected in it, and the other way round', async () => {
    await window.picture.click('web');
    await window.picture.waitForSelected(/^web, VM/);
    await expect.poll(() => window.editor().line(), patience).toBe(40);
    await expect.poll(() => window.tree('Labs').row('web').getAttribute('aria-selected'), patience).toBe('true');

    await window.tree('Labs').select('pc');
    await window.picture.waitForSelected(/^pc, VM/);

    await window.editor().goTo(19);
    await window.picture.waitForSelected(/^lan, switch/);
    await window.screenshot('picture-3-selected');
  });

  test('has the commands of the tree in its menu, and starts the lab: VMs and switches turn running', async () => {
    await window.picture.click('fw', { button: 'right' });
    const menu = window.page.locator('.monaco-menu');
    await menu.getByRole('menuitem', { name: 'Start', exact: true }).waitFor();
    await window.screenshot('picture-4-menu');
    await window.page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });

    await window.tree('Labs').press('firewall', 'Start');

    await window.picture.waitForThing(/^fw, VM, running/, 300_000);
    await window.picture.waitForThing(/^web, VM, running/, 300_000);
    await window.picture.waitForThing(/^lan, switch, running/);
    await window.screenshot('picture-5-running');
    await expect.poll(() => window.picture.texts(), patience).toContain('running');
  });

  test('is operated by the keyboard alone: along the lines, to the place in the file, to the menu', async () => {
    const focused = async () => (await window.picture.focused()).replace(/,.*/, '');
    await window.picture.click('pc');
    await window.picture.waitForSelected(/^pc, VM/);
    await window.page.keyboard.press('ArrowUp');
    await expect.poll(focused).toBe('pc NIC 1');
    await window.page.keyboard.press('ArrowUp');
    await expect.poll(focused).toBe('lan');
    await window.page.keyboard.press('End');
    await expect.poll(focused).not.toBe('lan');
    await window.page.keyboard.press('Home');
    const [first = ''] = await window.picture.things();
    await expect.poll(focused).toBe(first.replace(/,.*/, ''));

    await window.picture.click('fw');
    await window.picture.waitForSelected(/^fw, VM/);
    await window.page.keyboard.press('Shift+F10');
    await window.page.locator('.monaco-menu').getByRole('menuitem', { name: 'Stop', exact: true }).waitFor();
    await window.screenshot('picture-6-keyboard-menu');
    await window.page.keyboard.press('Escape');
    await window.page.locator('.monaco-menu').waitFor({ state: 'detached' });
    await window.picture.focus();
    await window.page.keyboard.press('Enter');
    await window.page.locator('.editor-instance .monaco-editor.focused').waitFor();
  });

  test('finds, and dims the rest; shows who reaches whom', async () => {
    await window.picture.find('10.1.0.80');
    await expect.poll(() => window.picture.litNames(), patience).toEqual(['web']);
    await window.page.keyboard.press('Enter');
    await window.picture.waitForSelected(/^web/);
    await window.screenshot('picture-7-found');
    await window.page.keyboard.press('Escape');

    await window.picture.click('pc');
    await window.picture.press('Who reaches whom');
    const lit = async () => [...(await window.picture.litNames())].sort();
    await expect.poll(lit, patience).toEqual(['fw', 'lan', 'pc']);
    await window.screenshot('picture-8-reach');
    await window.picture.press('Who reaches whom');
  });

  test('is there again after a reload of the window, as it was', async () => {
    await window.picture.press('Classic');
    await window.picture.press('Zoom In');
    await expect.poll(async () => window.picture.button('Classic').getAttribute('aria-pressed'), patience).toBe('true');
    await window.picture.click('pc');
    await window.picture.waitForSelected(/^pc, VM/);
    const scale = await window.picture.scale();

    await window.waitForSavedState('"mode":"classic"');
    await window.waitForSavedState('"selected":["["node","pc"]"]');

    // Without a file of its own: VS Code shows that alone, and no tab of before.
    await window.show(folder);

    await window.picture.waitForThing(/^pc, VM, running/);
    await expect.poll(() => window.picture.button('Classic').getAttribute('aria-pressed')).toBe('true');
    await window.picture.waitForSelected(/^pc, VM/);
    await expect.poll(() => window.picture.scale(), patience).toBe(scale);
    await window.screenshot('picture-9-reloaded');
  });

  test.each([
    ['Light Modern', 'vs'],
    ['Dark High Contrast', 'hc-black'],
    ['Light High Contrast', 'hc-light'],
    ['Dark Modern', 'vs-dark'],
  ] as const)('is drawn in the colours of %s', async (theme, className) => {
    await window.useTheme(theme, className);
    await window.picture.waitForText('running');
    await window.screenshot(`picture-theme-${theme}`);

    const { paper, ink } = await window.picture.contrast();
    expect(ink).not.toBe(paper);
  });
});

const hostile = [
  '<img src=x onerror=document.title=1>',
  '</script><script>document.title=1</script>',
  `"'><svg onload=document.title=1>`,
  '\u202egnp.exe\u202c',
  '&lt;b&gt;',
  'javascript:document.title=1',
  'x'.repeat(10_000),
];

describe('the picture of a file that means harm', () => {
  let server: VsCodeServer;
  let window: Workbench;

  beforeAll(async () => {
    const nodes = hostile.map(
      (name, at) => `    n${at} [label = ${JSON.stringify(name)}, address = ${JSON.stringify(name)}];`,
    );
    const evil = ['nwdiag {', '  network a {', '    color = "url(http://evil.example/x)"', ...nodes, '  }', '}'].join(
      '\n',
    );
    const vms = hostile.map((name, at) => `  ${JSON.stringify(name)}: { id: ${9200 + at}, nics: [{ switch: lan }] }`);
    const lab = ['switches: { lan: }', 'vms:', ...vms].join('\n');
    server = await VsCodeServer.start();
    const folder = await server.makeFolder('lab', {
      files: { 'evil.diag': evil, 'evil.lab.yaml': lab, 'empty.lab.yaml': '' },
    });
    window = await Workbench.open(server, folder, 'evil.diag');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  test.each(['evil.diag', 'evil.lab.yaml'])('shows %s as text and nothing else', async file => {
    const outside: string[] = [];
    window.page.on('request', request => {
      if (request.url().includes('evil.example')) outside.push(request.url());
    });
    await window.quickOpen(file);
    await window.runCommand('KVM Lab: Open Picture');

    await window.picture.waitForText('<img src');
    await window.screenshot(`picture-${file}`);
    const body = window.picture.frame().locator('body');
    const made = await body.evaluate(one => ({
      foreign: one.querySelectorAll('img, iframe, object, script:not([nonce]), [onerror], [onload], a').length,
      title: one.ownerDocument.title,
    }));
    expect(made.foreign).toBe(0);
    expect(made.title).toContain('evil');
    expect(outside).toEqual([]);
    await window.page.keyboard.press('Control+1');
    await window.runCommand('View: Close Other Editors in Group');
    await window.runCommand('View: Close All Editors');
  });

  test('says what to write into an empty lab', async () => {
    await window.quickOpen('empty.lab.yaml');
    await window.runCommand('KVM Lab: Open Picture');

    await window.picture
      .frame()
      .getByRole('heading', { name: /Nothing to draw in empty/ })
      .waitFor();
    await window.screenshot('picture-empty');
  });
});
