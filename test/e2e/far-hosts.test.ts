import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { killIfAlive, processesThatMention } from '../support/own-processes.ts';
import { hasSshServer, SshHost } from '../support/ssh-host.ts';
import { until } from '../support/vscode/until.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

const patienceMs = 120_000;

/** One story, told in order: each part begins where the one before it ended. The VM only runs its firmware. */
describe.runIf(hasSshServer)('a VM of another host', () => {
  let server: VsCodeServer;
  let ssh: SshHost;
  let window: Workbench;
  const labs = () => window.tree('Labs');

  beforeAll(async () => {
    const [id] = await freeIds(1);
    server = await VsCodeServer.start();
    const far = path.join(server.home, 'far');
    ssh = await SshHost.start(path.join(far, 'run'));
    // VS Code asks the login shell for the path.
    const profile = `PATH="${ssh.programs()}:$PATH"\n`;
    await server.makeFolder('.', { files: { '.profile': profile, '.bash_profile': profile } });
    const text = [
      'name: spread',
      `hosts: { left: { ssh: other, run: ${far}/run, scripts: ${far}/labs } }`,
      'switches: { lan: {} }',
      `vms: { pc: { id: ${id}, memory: 32M, accel: tcg, vnc: true, host: left, nics: [{ switch: lan }] } }`,
    ];
    await server.makeFolder('far/labs', {});
    const folder = await server.makeFolder('lab', { files: { 'spread.lab.yaml': `${text.join('\n')}\n` } });
    window = await Workbench.open(server, folder);
    await window.openContainer('KVM Lab');
    for (const view of ['This Host', 'Images']) await window.tree(view).unfold(false);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
    ssh.dispose();
  });

  test('is not asked for before it is started; then its row says where it runs', async () => {
    await labs().waitForState('pc', /^unknown: left was not asked yet · on left/);

    await labs().press('pc', 'Start');

    expect(await labs().waitForState('pc', /^running/, patienceMs)).toContain('on left');
    expect(await labs().waitForState('lan', /^running/, patienceMs)).toContain('on left');
  });

  test('has its monitor, its display and its frames here, through ssh', async () => {
    await labs().expand('pc');
    await labs().press('display', 'Open Display');
    await until('the picture', async () => (await window.display.picture())?.width === 720, { timeoutMs: patienceMs });
    await window.screenshot('far-hosts-1-display');
    await labs().chooseFromMenu('NIC 1', 'Capture in Editor');
    await window.packets.waitForWords(/^Capturing/, patienceMs);
    await labs().waitForState('NIC 1', /capturing/);
    await labs().press('monitor', 'Open Monitor');
    await window.terminal.waitFor(/connected to pc, monitor, port \d+ of left/, patienceMs);
    await window.terminal.enter('info name');

    await window.terminal.waitFor(/^pc$/m);
    await window.screenshot('far-hosts-2-monitor');
  });

  test('is unknown while its host does not answer, and whoever wants something of it hears why', async () => {
    ssh.forgetKey();
    // The shared connection calls itself by its socket.
    const shared = processesThatMention(path.join(server.runRoot, '.ssh/'));
    for (const pid of [...ssh.clients(), ...shared]) killIfAlive(pid);

    // A look that was just on its way has only been cut off.
    await labs().waitForState('pc', /^unknown: left does not answer \(.*Permission denied/, patienceMs);
    await window.terminal.waitFor(/Host left cannot be reached[^]*ssh-copy-id other/, patienceMs);
    await labs().press('pc', 'Start');
    expect(await window.notification(/Host left/, patienceMs)).toContain('Host left cannot be reached');
    await window.screenshot('far-hosts-3-unknown');
  });

  test('is there again, with what is connected to it, when its host is', async () => {
    ssh.letIn();

    await labs().pressTitle('Refresh');

    await labs().waitForState('pc', /^running/, patienceMs);
    await window.terminal.focus();
    await window.terminal.waitFor(/cannot be reached[^]*connected to pc, monitor/, patienceMs);
    await window.terminal.enter('info version');
    await window.terminal.waitFor(/^\d+\.\d+\.\d+/m);
    await window.screenshot('far-hosts-4-again');
  });
});
