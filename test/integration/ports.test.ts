import * as assert from 'node:assert';
import { spawn } from 'node:child_process';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../extension/composition.ts';
import { SocketManagementDialer } from '../../extension/host/management-dialer.ts';
import type { ThingRef } from '../../extension/runtime/state.ts';
import type { TreeRow } from '../../extension/vscode/trees/tree-provider.ts';
import { activeExtension, removeFiles, until, writeFile } from '../support/extension-host.ts';
import { freeIds } from '../support/free-ids.ts';

suite('the ports of a switch that runs', function () {
  this.timeout(400_000);
  const dialer = new SocketManagementDialer();
  let api: ExtensionApi;
  let uri: vscode.Uri;
  let lan: ThingRef;
  let labText: string;
  const order = (command: string) => vscode.commands.executeCommand(`kvmlab.${command}`, lan);

  suiteSetup(async () => {
    api = await activeExtension();
    const [id] = await freeIds(1);
    labText = `name: p${process.pid}\nswitches: { lan: { vlans: [10] } }\nvms: { pc: { id: ${id}, nics: [{ switch: lan, vlan: 10 }] } }\n`;
    uri = await writeFile('ports.lab.yaml', labText);
    lan = { lab: uri.fsPath, kind: 'switch', name: 'lan' };
    await until(
      'the lab',
      () => api.store.lab(uri.fsPath)?.lab?.switches.length,
      count => count === 1,
    );
  });
  suiteTeardown(async () => {
    await api.control.run('kill', [lan]);
    dialer.dispose();
    await removeFiles(uri);
  });

  test('are shown live when its row is opened, with how they differ from the lab file, which can be applied', async () => {
    await order('start');
    const row = await openRow();
    await until('the port', words, rows => rows.join() === 'port 1 | pc NIC 1 · not plugged in · untagged 10');
    const [running] = api.store.host.switches.filter(one => one.pid === row.node.switchPid);
    assert.ok(running?.management);

    await dialer.ask(running.management, ['port/setvlan 1 0']);
    const plug = spawn('vde_plug', [`${running.socket}[1]`], { stdio: ['pipe', 'ignore', 'ignore'] });
    await until('the stranger', words, rows =>
      /^port 1 \| unknown process \d+ \(vde_plug, uid \d+\) · differs/.test(rows[0] ?? ''),
    );
    plug.kill();
    await until('the drift', words, ([first]) => first?.includes('untagged none, file says 10') ?? false);
    await order('applyLabFile');

    await until('the port', words, rows => rows.join() === 'port 1 | pc NIC 1 · not plugged in · untagged 10');
  });

  test('are asked for by the command for VLANs, which leaves all as it is if nothing else is typed', async () => {
    const [port] = (await switchRow()).node.children;
    let isDone = false;
    const asked = vscode.commands.executeCommand('kvmlab.setVlans', { node: port }).then(() => (isDone = true));
    await until(
      'the command to end',
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return isDone;
      },
      answer => answer,
    );
    await asked;

    assert.deepStrictEqual(await words(), ['port 1 | pc NIC 1 · not plugged in · untagged 10']);
  });

  test('are announced to VS Code only as long as it holds their rows', async () => {
    await openRow();
    const announced: string[] = [];
    const labRow = (await switchRow()).parent?.parent;
    assert.ok(labRow);
    const { provider } = api.labsTree;
    const listener = provider.onDidChangeTreeData(rows => {
      for (const row of [rows ?? []].flat()) announced.push(row.id);
    });
    const hasAnnounced = (part: string): boolean => announced.some(id => id.includes(part));
    try {
      await vscode.commands.executeCommand('workbench.actions.treeView.kvmlab.labs.collapseAll');
      const [id] = await freeIds(1);
      const more = new TextEncoder().encode(labText.replace('vms: { ', `vms: { more: { id: ${id} }, `));
      await vscode.workspace.fs.writeFile(uri, more);
      // The lab's own row says how many VMs there are; with it VS Code drops all rows inside.
      const isDrawn = (): boolean => announced.includes(labRow.id);
      await until('the lab to be drawn anew', isDrawn, answer => answer);
      announced.length = 0;
      await order('stop');
      await until(
        'the switch to stop',
        () => api.store.stateOf(lan).kind,
        kind => kind === 'stopped',
      );

      assert.ok(!hasAnnounced('switch/lan'), announced.join());
    } finally {
      listener.dispose();
    }
  });

  /** VS Code refuses to reveal a row while it draws the tree anew, as it does after a start. */
  async function openRow(): Promise<TreeRow> {
    const open = async (): Promise<TreeRow | undefined> => {
      const row = await switchRow();
      const options = { expand: true, select: false };
      return api.labsTree.view.reveal(row, options).then(
        () => row,
        () => {
          // It may go on refusing until the tree is drawn the next time.
          api.labsTree.provider.announceAll();
          return undefined;
        },
      );
    };
    const opened = await until('the row to open', open, row => row !== undefined);
    assert.ok(opened);
    return opened;
  }

  async function switchRow(): Promise<TreeRow> {
    // Not by getChildren, which is VS Code's: the provider would take the rows for ones that VS Code holds.
    return until(
      'the row of the switch',
      () => api.labsTree.provider.row(`${uri.fsPath}#switch/lan`),
      row => row !== undefined,
    ).then(row => {
      assert.ok(row);
      return row;
    });
  }

  async function words(): Promise<readonly string[]> {
    const { node } = await switchRow();
    return node.children.map(child => `${child.label} | ${child.description}`);
  }
});
