import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { PickList } from '../support/vscode/pick-list.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { TerminalPanel } from '../support/vscode/terminal-panel.ts';
import { until } from '../support/vscode/until.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** A lab with a tap that is not there, and a port that somebody else has. */
describe('a host that lacks what a lab needs', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let holder: Server;
  let port: number;

  beforeAll(async () => {
    const [id] = await freeIds(1);
    holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    port = (holder.address() as AddressInfo).port;
    server = await VsCodeServer.start();
    const lab = [
      'name: needy',
      'switches:',
      '  admin: { tap: { interface: kle2e0, address: 192.168.99.1/24, nat: true } }',
      `  inet: { slirp: { forward: [tcp ${port} 10.0.2.15:22] } }`,
      'vms:',
      `  pc: { id: ${id}, memory: 32M, accel: tcg, nics: [{ switch: inet }] }`,
      '',
    ].join('\n');
    const folder = await server.makeFolder('lab', { files: { 'needy.lab.yaml': lab } });
    window = await Workbench.open(server, folder, 'needy.lab.yaml');
  });

  /** The line may be broken anywhere. */
  const isTyped = async (line: string): Promise<void> => {
    const terminal = new TerminalPanel(window.page);
    const plain = (text: string): string => text.replaceAll(/\s/g, '');
    await until(`"${line}" in the terminal`, async () => plain(await terminal.text()).includes(plain(line)));
  };

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
    holder.close();
  });

  test('says so in the status bar, and the doctor types what mends it without running it', async () => {
    await window.statusBarItem('1 problem with this host');
    await window.runCommand('KVM Lab: Doctor: What This Host Has and Lacks');
    const list = new PickList(window.page);
    await list.waitForTitle('This host, for lab needy');
    const rows = await list.rows();
    await window.screenshot('doctor');
    expect(rows.find(row => row.includes('Ports'))).toContain(
      `Port ${port} (tcp), for the forward to 10.0.2.15:22, is taken by`,
    );
    expect(rows[0]).toMatch(/Ports|Tap/);
    await window.pick('Tap kle2e0');

    await isTyped('switch-admin.sh start RUN_ROOT=');
    await window.screenshot('doctor-terminal');
  });

  test('asks before a start, and starts nothing without a yes', async () => {
    await window.openContainer('KVM Lab');
    const labs = window.tree('Labs');
    await labs.press('pc', 'Start');
    const question = await window.dialog();
    await window.screenshot('start-budget');
    expect(question).toContain('This host has not enough for this start.');
    expect(question).toContain(`Port ${port} (tcp)`);
    await window.press('Cancel');

    await labs.waitForState('pc', 'stopped');
  });

  test('is taken step by step in a terminal', async () => {
    await window.runCommand('KVM Lab: This Host on a Switch…');
    const list = new PickList(window.page);
    await list.waitForTitle('This host on switch admin');
    await window.screenshot('host-steps');
    await window.pick('Way out for VMs: on');

    await isTyped('switch-admin.sh nat-on RUN_ROOT=');
  });
});
