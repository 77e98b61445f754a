import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { KonnectProcess } from '../support/konnect-process.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { until } from '../support/vscode/until.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** Two VMs under software emulation share two cores. */
const patienceMs = 300_000;

/** One story, told in order: what is done with consoles besides typing. */
describe('a console of a running guest in VS Code', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let other: Workbench | undefined;
  let folder: string;
  let konnect: KonnectProcess | undefined;

  beforeAll(async () => {
    const [guest, [fw = 0, web = 0]] = await Promise.all([tinyGuestDir(), freeIds(2)]);
    server = await VsCodeServer.start({
      environment: { STOP_SECONDS: '1' },
      // VS Code asks before it pastes several lines.
      settings: { 'terminal.integrated.enableMultiLinePasteWarning': 'never' },
    });
    const text = `vms:\n  fw: { id: ${fw}, guest: tiny, memory: 96M }\n  web: { id: ${web}, guest: tiny, memory: 96M }\n`;
    folder = await server.makeFolder('lab', { files: { 'two.lab.yaml': text } });
    await server.makeFolder('lab/guest', { from: guest });
    window = await Workbench.open(server, folder, 'two.lab.yaml');
    await window.openContainer('KVM Lab');
    await window.tree('Labs').press('fw', 'Start');
    await window.tree('Labs').waitForState('fw', 'running', patienceMs);
  }, patienceMs);

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    konnect?.kill();
    await other?.close();
    await window.close();
    await server.stop();
  });

  const prompt = (vm: string): RegExp => new RegExp(`${vm}:~# ?$`);

  test('opens as a terminal profile that is picked by hand', { timeout: patienceMs }, async () => {
    await window.runCommand('Create New Terminal (With Profile)');
    await window.pick('KVM Lab Console');
    await window.pick('fw');

    await window.terminal.waitFor(prompt('fw'), patienceMs);
    await window.screenshot('keys-1-profile');
  });

  test('tells the guest the size of its terminal', async () => {
    await window.runCommand('KVM Lab: Send Terminal Size');
    const [, rows, columns] =
      /stty rows (\d+) cols (\d+)\n/.exec(await window.terminal.waitFor(/stty .*\n.*# ?$/)) ?? [];

    await window.terminal.enter('stty size');
    await window.terminal.waitFor(`\n${rows} ${columns}\n`);
  });

  test('sends Magic SysRq: a break, then the key', async () => {
    await window.runCommand('KVM Lab: Send SysRq…');
    await window.screenshot('keys-2-sysrq');
    await window.pick('Help: list the keys');

    await window.terminal.waitFor(/sysrq: HELP/);
  });

  test('shows how far a paste is, and a click ends it', { timeout: patienceMs }, async () => {
    const paste = async (lines: number): Promise<void> => {
      const line = `${'p'.repeat(99)}\n`;
      await window.page.evaluate(text => navigator.clipboard.writeText(text), line.repeat(lines));
      await window.runCommand('Terminal: Paste into Active Terminal');
    };
    const status = window.page.locator('.part.statusbar .statusbar-item').filter({ hasText: 'Pasting into' });
    await window.terminal.enter('cat > /tmp/pasted');
    await paste(100);
    await status.filter({ hasText: /Pasting into fw · serial: \d+ %/ }).waitFor();
    await window.screenshot('keys-3-paste');
    await status.waitFor({ state: 'detached', timeout: patienceMs });
    await window.page.keyboard.press('Control+D');
    await window.terminal.enter('wc -c < /tmp/pasted');
    await window.terminal.waitFor(/\n10000\n/, patienceMs);

    await window.terminal.enter('cat > /tmp/pasted');
    await paste(1000);
    await status.locator('a').click();

    await window.statusBarItem(/the paste into fw · serial was ended; \d+ bytes were not sent/);
    await window.terminal.focus();
    await window.page.keyboard.press('Control+C');
    await window.terminal.waitFor(prompt('fw'), patienceMs);
  });

  test(
    'is typed into from two windows and a terminal at once, all with the same text',
    { timeout: patienceMs },
    async () => {
      other = await Workbench.open(server, folder, 'two.lab.yaml');
      await other.openContainer('KVM Lab');
      await other.tree('Labs').press('fw', 'Open Console');
      await other.terminal.waitFor(
        /connected to fw, serial console, port \d+, shared with VS Code \(process \d+\)/,
        60_000,
      );
      konnect = new KonnectProcess(server.runRoot, 'two/fw');
      await until('konnect', () => Promise.resolve(konnect?.isConnected));

      await window.terminal.enter('echo from-one-$((1 + 1))');
      await window.terminal.waitFor('from-one-2');
      await other.terminal.enter('echo from-two-$((2 + 2))');
      await other.terminal.waitFor('from-two-4');
      konnect.type('echo from-three-$((3 + 3))\r');

      for (const text of ['from-one-2', 'from-two-4', 'from-three-6']) {
        await window.terminal.waitFor(text);
        await other.terminal.waitFor(text);
        await until(`${text} in konnect`, () => Promise.resolve(konnect?.text.includes(text)));
      }
      await other.screenshot('keys-4-other-window');
      konnect.kill();
      await other.close();
      await window.terminal.enter('echo still-$((4 + 4))');
      await window.terminal.waitFor('still-8');
    },
  );

  test('of a whole lab stand side by side, and the focus stays', { timeout: 2 * patienceMs }, async () => {
    await window.tree('Labs').press('web', 'Start');
    await window.tree('Labs').waitForState('web', 'running', patienceMs);
    await window.runCommand('Terminal: Kill All Terminals');

    await window.editor().focus();
    await window.runCommand('KVM Lab: Open All Consoles Side by Side');
    await window.pick('two');
    const sides = await until(
      'both prompts',
      async () => {
        const screens = await window.terminal.screens();
        return screens.length === 2 && screens.every(one => /(fw|web):~# ?$/.test(one)) && screens;
      },
      { timeoutMs: patienceMs },
    );
    await window.screenshot('keys-5-side-by-side');

    expect(sides.map(text => /(fw|web):~# ?$/.exec(text)?.[1])).toEqual(['fw', 'web']);
    await window.editor().type('# typed in the editor\n');
    await window.editor().waitForText('# typed in the editor');
    await window.editor().undoAll();
  });

  test('of QEMU completes, and brings lines from before the VM was restarted', { timeout: patienceMs }, async () => {
    await window.runCommand('Terminal: Kill All Terminals');
    await window.tree('Labs').chooseFromMenu('fw', 'Open Monitor');
    await window.terminal.waitFor(/\(qemu\)$/, 60_000);
    await window.terminal.type('info versi');
    await window.page.keyboard.press('Tab');
    await window.terminal.waitFor(/info version$/);
    await window.page.keyboard.press('Enter');
    await window.terminal.waitFor(/info version\n[^]*\(qemu\)$/);

    await window.tree('Labs').press('fw', 'Stop');
    await window.terminal.waitFor('fw is stopped – press Enter to start it', 60_000);
    await window.terminal.enter('');
    await window.terminal.waitFor(/press Enter to start it[^]*\(qemu\)$/, patienceMs);
    await window.page.keyboard.press('ArrowUp');

    await window.terminal.waitFor(/press Enter to start it[^]*\(qemu\) info version$/);
    await window.screenshot('keys-6-monitor');
  });
});
