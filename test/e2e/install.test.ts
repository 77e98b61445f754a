import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { vmInstalled } from '../../extension/lab/layout.ts';
import { freeIds } from '../support/free-ids.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { until } from '../support/vscode/until.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** VMs under software emulation share two cores. */
const patienceMs = 300_000;

const password = 's3cret';
/** `perl -e 'print crypt("s3cret", "ab")'`: busybox checks passwords, but has no program here that makes them. */
const hash = 'abhWCwoTZY2c6';

const stuckScript = `timeout: 2s
steps:
  - send: echo before
  - name: never
    expect: "this is never printed"
  - name: after
    send: echo af''ter
`;

const diskScript = `timeout: 5m
steps:
  - expect: "~# "
    send: echo kept >/dev/vda; sync
  - expect: "~# "
`;

/** One story, told in order: each part begins where the one before it ended. */
describe('install scripts in VS Code', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;

  beforeAll(async () => {
    const [guest, [gw, box]] = await Promise.all([tinyGuestDir(), freeIds(2)]);
    server = await VsCodeServer.start({ environment: { STOP_SECONDS: '1' } });
    const common = 'guest: tiny, memory: 96M, accel: tcg';
    const disk = 'disks: [{ file: box.qcow2, size: 16M }], install: box.install.yaml';
    const text = `vms:\n  gw: { id: ${gw}, ${common} }\n  box: { id: ${box}, ${common}, ${disk} }\n`;
    const files = { 'net.lab.yaml': text, 'stuck.install.yaml': stuckScript, 'box.install.yaml': diskScript };
    folder = await server.makeFolder('lab', { files });
    await server.makeFolder('lab/guest', { from: guest });
    window = await Workbench.open(server, folder);
    await window.openContainer('KVM Lab');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  const script = (): Promise<string> => readFile(path.join(folder, 'gw.install.yaml'), 'utf8');

  test('a login and a setting that are typed become a script', { timeout: 2 * patienceMs }, async () => {
    await window.tree('Labs').press('gw', 'Start');
    await window.tree('Labs').waitForState('gw', 'running', patienceMs);
    await window.tree('Labs').press('gw', 'Open Console');
    await window.terminal.waitFor(/gw:~# ?$/, patienceMs);
    await window.runCommand('KVM Lab: Record Console');
    await window.statusBarItem('Recording gw');

    await window.terminal.enter(`echo 'root:${hash}:0:0::/:' >/etc/passwd; login`);
    await window.terminal.waitFor(/gw login: ?$/, patienceMs);
    await window.terminal.enter('root');
    await window.terminal.waitFor(/Password: ?$/, patienceMs);
    await window.terminal.enter(password);
    await window.terminal.waitFor(/Password:[^]*built-in[^]*gw:.*# ?$/, patienceMs);
    await window.terminal.enter('hostname lab-gw; hostname');
    await window.terminal.waitFor(/\nlab-gw\n.*# ?$/, patienceMs);
    await window.screenshot('install-1-recording');
    await window.runCommand('KVM Lab: Stop Recording');
    await window.answer('gw.install.yaml');

    await expect.poll(() => window.editor().text()).toContain('hostname lab-gw');
    await window.screenshot('install-2-script');
    const text = await script();
    expect(text).toMatch(/secret: true/);
    expect(text).toMatch(/send: root\n/);
    expect(text).not.toContain(password);
  });

  test('which a VM as it was at first proves', { timeout: 2 * patienceMs }, async () => {
    await window.runCommand('KVM Lab: Replay on Fresh VM…');
    await window.pick('gw');
    await window.answer(password);

    await window.tree('Install Scripts').waitForState('fresh gw', /step \d+ of \d+/, patienceMs);
    await window.screenshot('install-3-replay');
    await window.tree('Install Scripts').waitForState('fresh gw', 'done', patienceMs);
    await window.screenshot('install-4-done');
    await window.runCommand('KVM Lab: Open Transcript');

    const shown = await until('the transcript', async () => {
      const text = await window.editor().text();
      return text.includes('step 1 of') && text;
    });
    await window.screenshot('install-5-transcript');
    expect(shown).toContain('lab-gw');
    expect(shown).not.toContain(password);
  });

  test('and one that is stuck says what came, and goes on by hand', { timeout: patienceMs }, async () => {
    await window.quickOpen('stuck.install.yaml');
    await window.runCommand('KVM Lab: Run Install Script…');
    await window.pick('gw');

    const news = await window.notification('gw is stuck at step 2', patienceMs);
    await window.tree('Install Scripts').waitForState('gw', 'stuck · step 2 of 3');
    await window.screenshot('install-6-stuck');
    expect(news).toMatch(/stuck\.install\.yaml, line 4.*"this is never printed" did not come within 2 s.*before/s);

    await window.tree('Install Scripts').press(/^after/, 'Go On Here');
    await window.tree('Install Scripts').waitForState('gw', 'done', patienceMs);
    await window.tree('Install Scripts').waitForState(/^after/, 'done');
    await window.screenshot('install-7-went-on');
  });

  test('a VM is installed by the script of its lab, once', { timeout: 2 * patienceMs }, async () => {
    await window.tree('Labs').chooseFromMenu('box', 'Install…');
    await window.tree('Install Scripts').waitForState('box', 'done', patienceMs);
    const record = path.join(folder, vmInstalled('net', 'box'));
    await until('the record of the install', () => Promise.resolve(existsSync(record)));
    await window.tree('Labs').waitForState('box', 'stopped', patienceMs);
    await window.screenshot('install-8-installed');

    const disk = await readFile(path.join(folder, 'box.qcow2'));
    expect(disk.includes('kept\n')).toBe(true);
    await window.tree('Labs').chooseFromMenu('box', 'Install…');
    expect(await window.dialog()).toMatch(/box is installed.*By box\.install\.yaml/s);
  });
});
