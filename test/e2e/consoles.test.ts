import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { serialPort } from '../../extension/lab/networks/addressing.ts';
import { freeIds } from '../support/free-ids.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { until } from '../support/vscode/until.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** Two VMs under software emulation share two cores. */
const patienceMs = 300_000;

/** One story, told in order: each part begins where the one before it ended. */
describe('a console in VS Code', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;
  let port: number;
  let telnet: ChildProcess | undefined;

  beforeAll(async () => {
    const [guest, [fw = 0, web = 0]] = await Promise.all([tinyGuestDir(), freeIds(2)]);
    port = serialPort(fw);
    server = await VsCodeServer.start();
    const text = [
      'switches: { lan: {} }',
      'vms:',
      `  fw: { id: ${fw}, guest: tiny, memory: 96M, nics: [{ switch: lan, address: 10.9.0.1/24 }] }`,
      `  web: { id: ${web}, guest: tiny, memory: 96M, nics: [{ switch: lan, address: 10.9.0.2/24 }] }`,
    ].join('\n');
    folder = await server.makeFolder('lab', { files: { 'two.lab.yaml': `${text}\n` } });
    await server.makeFolder('lab/guest', { from: guest });
    window = await Workbench.open(server, folder, 'two.lab.yaml');
    await window.openContainer('KVM Lab');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    telnet?.kill('SIGKILL');
    await window.close();
    await server.stop();
  });

  test('of a VM that is stopped says so, and Enter starts the VM', { timeout: 2 * patienceMs }, async () => {
    await window.tree('Labs').chooseFromMenu('fw', 'Open Console');
    await window.terminal.waitFor('fw is stopped – press Enter to start it');
    await window.screenshot('consoles-1-stopped');

    await window.terminal.enter('');

    await window.tree('Labs').waitForState('fw', 'running', patienceMs);
    await window.terminal.waitFor(/fw:~# ?$/, patienceMs);
  });

  test('has two terminals that show the same', async () => {
    await window.terminal.enter('echo before-$((1 + 1))');
    await window.terminal.waitFor('before-2');

    await window.runCommand('KVM Lab: Open Another Terminal on This Console');
    await until('two terminals', async () => (await window.terminal.screens()).length === 2);
    const joined = await until('what was printed before', async () => {
      const screens = await window.terminal.screens();
      return screens.every(screen => screen.includes('before-2')) && screens;
    });
    await window.terminal.enter('echo after-$((2 + 2))');
    const both = await until('what was printed after', async () => {
      const screens = await window.terminal.screens();
      return screens.every(screen => screen.includes('after-4')) && screens;
    });
    await window.screenshot('consoles-2-two-terminals');

    const commands = (screen: string): readonly string[] => screen.split('\n').filter(line => line.includes('~# '));
    expect(joined.length).toBe(2);
    expect(commands(both[0] ?? '').slice(-3)).toEqual(commands(both[1] ?? '').slice(-3));
  });

  test('is found again with its history after the window was loaded anew', { timeout: 2 * patienceMs }, async () => {
    await window.show(folder, 'two.lab.yaml');

    const isFw = (name: string): boolean => name.includes('fw · serial');
    const areBack = async () => (await window.terminal.names()).filter(isFw).length === 2;
    await until('both terminals to come back', areBack, { timeoutMs: 60_000 });
    await window.terminal.waitFor('before-2', patienceMs);
    await window.terminal.waitFor('after-4');
    await window.terminal.enter('echo again-$((3 + 3))');
    const text = await window.terminal.waitFor('again-6');
    await window.screenshot('consoles-3-reloaded');

    expect(text).toMatch(/connected to fw, serial console/);
  });

  test('that a telnet holds says who it is, and is taken over', { timeout: 2 * patienceMs }, async () => {
    await window.runCommand('Terminal: Kill All Terminals');
    telnet = spawn('telnet', ['127.0.0.1', String(port)], { stdio: ['pipe', 'pipe', 'ignore'] });
    await connected(telnet);

    await window.openContainer('KVM Lab');
    await window.tree('Labs').press('fw', 'Open Console');
    const holder = `telnet (process ${telnet.pid}) holds this console`;
    await window.terminal.waitFor(holder, 60_000);
    await window.screenshot('consoles-4-held');
    await window.terminal.type('t');

    await window.terminal.waitFor(new RegExp(`${holder.replaceAll(/[()]/g, '\\$&')}[^]*connected to fw`), 60_000);
    await window.terminal.enter('echo mine-$((4 + 4))');
    await window.terminal.waitFor('mine-8', 60_000);
    await window.screenshot('consoles-5-taken-over');
    await until('telnet to be gone', () => Promise.resolve(telnet?.exitCode !== null || telnet.signalCode !== null));
  });

  test('takes part when one types in many at once, and the window says so', { timeout: 2 * patienceMs }, async () => {
    await window.tree('Labs').press('web', 'Start');
    await window.tree('Labs').waitForState('web', 'running', patienceMs);
    await window.tree('Labs').press('web', 'Open Console');
    await window.terminal.waitFor(/web:~# ?$/, patienceMs);

    await window.runCommand('KVM Lab: Type in Many Consoles at Once…');
    await window.acceptPicks();
    await window.statusBarItem('⇉ Typing in 2 consoles');
    const marked = async () =>
      (await window.terminal.names()).filter(name => name.includes('⇉')).map(name => name.trim());
    await expect.poll(marked).toEqual(['⇉ fw · serial', '⇉ web · serial']);
    await window.terminal.enter('echo all-$((5 + 5))');
    await window.terminal.waitFor('all-10');
    await window.screenshot('consoles-6-broadcast');
    await window.terminal.choose('fw · serial');
    await window.terminal.waitFor('all-10');
    await window.runCommand('KVM Lab: End Typing in Many Consoles');

    await until('the titles to be plain', async () =>
      (await window.terminal.names()).every(name => !name.includes('⇉')),
    );
  });

  test('is remembered: its log is a document with the start of the VM, and can be searched', async () => {
    await window.runCommand('KVM Lab: Search Consoles…');
    await window.pick('two');
    await window.answer('again-6');
    await window.pick('again-6');

    const editor = window.editor();
    const text = await until('the log', async () => {
      const shown = await editor.text();
      return shown.includes('again-6') && shown;
    });
    await window.screenshot('consoles-7-log');

    expect(text).not.toContain('\u001b');
  });

  test('of a switch is a terminal too, with editing and history', async () => {
    await window.tree('Labs').press('lan', 'Open Switch Console');

    await window.terminal.waitFor(/vde\$ ?$/);
    await window.terminal.type('port/print 1x');
    await window.page.keyboard.press('Backspace');
    await window.page.keyboard.press('Enter');
    await window.terminal.waitFor(/Port 0001[^]*1000 Success[^]*vde\$ ?$/);
    await window.page.keyboard.press('ArrowUp');
    await window.terminal.waitFor(/vde\$ port\/print 1$/);
    await window.screenshot('consoles-8-switch');
  });
});

/** When QEMU has greeted it: a second client connects as well, and hears nothing. */
const connected = (client: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let heard = '';
    client.stdout?.on('data', (bytes: Buffer) => {
      heard += bytes.toString();
      if (heard.includes('Escape character')) resolve();
    });
    client.once('exit', () => reject(new Error(`telnet ended: ${heard}`)));
    client.once('error', reject);
  });
