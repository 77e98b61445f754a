import * as assert from 'node:assert';
import { readFile, writeFile as writeBytes } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../extension/composition.ts';
import type { RunState, ThingRef } from '../../extension/runtime/state.ts';
import type { TreeRow } from '../../extension/vscode/trees/tree-provider.ts';
import {
  activeExtension,
  overWith,
  removeFiles,
  until,
  workspaceFolder,
  writeFile,
} from '../support/extension-host.ts';
import { freeIds } from '../support/free-ids.ts';

/** One VM that only runs its firmware, with a display and a CD drive. */
suite('orders to a VM that runs', function () {
  this.timeout(400_000);
  let api: ExtensionApi;
  let uri: vscode.Uri;
  let pc: ThingRef;
  const order = (command: string, ...more: readonly unknown[]) =>
    vscode.commands.executeCommand(`kvmlab.${command}`, pc, ...more);
  const inFolder = (name: string): string => path.join(workspaceFolder().fsPath, name);
  const state = (): RunState => api.store.stateOf(pc);

  suiteSetup(async () => {
    api = await activeExtension();
    const [id] = await freeIds(1);
    for (const name of ['one.iso', 'two.iso']) await writeBytes(inFolder(name), Buffer.alloc(2048 * 16));
    uri = await writeFile(
      'machine.lab.yaml',
      `name: m${process.pid}\nvms:\n  pc: { id: ${id}, memory: 32M, accel: tcg, vnc: true, cdrom: one.iso }\n`,
    );
    pc = { lab: uri.fsPath, kind: 'vm', name: 'pc' };
    await until(
      'the lab',
      () => api.store.lab(uri.fsPath)?.lab?.vms.length,
      count => count === 1,
    );
    await order('start');
    assert.strictEqual(state().kind, 'running');
  });
  suiteTeardown(async () => {
    await api.control.run('kill', [pc]);
    await removeFiles(uri, vscode.Uri.file(inFolder('one.iso')), vscode.Uri.file(inFolder('two.iso')));
  });

  test('pause it and let it go on, seen in the tree', async () => {
    await order('pause');
    assert.strictEqual(await described(), 'paused');
    await order('resume');
    assert.strictEqual(await described(), 'running');
  });

  test('change and eject its CD', async () => {
    await order('changeCd', true, inFolder('two.iso'));
    assert.match(await monitor('info block cdrom'), /two\.iso/);

    await order('ejectCd');
    assert.match(await monitor('info block cdrom'), /not inserted/);
  });

  test('send it the keys that are picked', async () => {
    const sent = order('sendKeys');
    await overWith(sent);
  });

  test('run the monitor command that is picked, and show its answer', async () => {
    const ran = order('monitorCommand');
    await overWith(ran);

    await until(
      'an answer',
      () => vscode.workspace.textDocuments.filter(one => one.uri.scheme === 'output').map(one => one.getText()),
      texts => texts.some(text => text.includes('pc (qemu) announce_self')),
    );
  });

  test('open a screenshot in an editor', async () => {
    await order('screenshot');

    const tab = await until(
      'a tab',
      () => vscode.window.tabGroups.activeTabGroup.activeTab,
      one => one?.label.endsWith('.png') ?? false,
    );
    const { uri: file } = tab?.input as { readonly uri: vscode.Uri };
    assert.strictEqual((await readFile(file.fsPath)).toString('latin1', 1, 4), 'PNG');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.delete(file);
  });

  test('show its screen in the tooltip of its row', async () => {
    const { provider } = api.labsTree;
    const found = await row();
    const item = provider.getTreeItem(found);
    assert.strictEqual(item.tooltip, undefined);

    const { tooltip } = await provider.resolveTreeItem(item, found);

    const text = (tooltip as vscode.MarkdownString).value;
    assert.match(text, /!\[Screen of the VM\]\(data:image\/png;base64,iVBOR[\w+/=]+\)/);
    assert.ok(text.length < 100_000);
    assert.match(text, /CPU/);
  });

  /** The answer of the monitor, asked by the terminal command. */
  async function monitor(line: string): Promise<string> {
    const { execFile } = await import('node:child_process');
    const { promisify } = await import('node:util');
    const extension = vscode.extensions.getExtension('kvmlab.kvmlab');
    const cli = path.join(extension?.extensionPath ?? '', 'dist/cli.js');
    const { stdout } = await promisify(execFile)(process.execPath, [cli, 'monitor', uri.fsPath, 'pc', line], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    return stdout;
  }

  async function row(): Promise<TreeRow> {
    const { provider } = api.labsTree;
    const lab = (await provider.getChildren()).find(one => one.node.thing?.lab === uri.fsPath);
    const [vms] = await provider.getChildren(lab);
    const [found] = await provider.getChildren(vms);
    assert.ok(found);
    return found;
  }

  /** The first word of the row. */
  async function described(): Promise<string> {
    const kind = state();
    const wanted = kind.kind === 'running' ? (kind.halted ?? 'running') : kind.kind;
    const text = await until(
      'the row',
      async () => (await row()).node.description,
      one => one.startsWith(wanted),
    );
    return text.split(' · ')[0] ?? '';
  }
});
