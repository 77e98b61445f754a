import * as assert from 'node:assert';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TreeProvider, TreeRow } from '../../extension/vscode/trees/tree-provider.ts';
import { activeExtension, removeFiles, rowsOf, type, until, writeFile } from '../support/extension-host.ts';

suite('the tree of labs', () => {
  let uri: vscode.Uri;
  let tree: TreeProvider;

  setup(async () => {
    const api = await activeExtension();
    tree = api.labsTree.provider;
    const extension = vscode.extensions.getExtension('kvmlab.kvmlab');
    const sample = path.join(extension?.extensionPath ?? '', 'extension/samples/firewall/firewall.lab.yaml');
    uri = await writeFile('firewall.lab.yaml', await readFile(sample, 'utf8'));
    await until('rows', shownLabs, labs => labs.includes('firewall'));
  });
  teardown(async () => {
    await removeFiles(uri);
    await until('rows', shownLabs, labs => !labs.includes('firewall'));
  });

  test('shows the sample with its VMs and switches', async () => {
    const lab = await find('firewall');
    const [vms, switches] = await tree.getChildren(lab);

    await until(
      'rows',
      () => rowsOf(tree),
      rows => rows.some(row => row.startsWith('firewall | 0 of 3 running')),
    );
    assert.deepStrictEqual(await rowsOf(tree, vms), [
      'fw | stopped · ID 31 · 96M',
      'pc | stopped · ID 32 · 96M',
      'web | stopped · ID 33 · 96M',
    ]);
    assert.deepStrictEqual(await rowsOf(tree, switches), [
      'lan | stopped · 2 of 31 ports',
      'dmz | stopped · 2 of 31 ports',
    ]);
  });

  test('says states to screen readers in words', async () => {
    const [vms] = await tree.getChildren(await find('firewall'));
    const [fw] = await tree.getChildren(vms);
    assert.ok(fw);

    assert.strictEqual(tree.getTreeItem(fw).accessibilityInformation?.label, 'fw, VM, stopped, ID 31, 96M');
  });

  test('knows the way up from every row, so that rows can be revealed', async () => {
    const lab = await find('firewall');
    const [vms] = await tree.getChildren(lab);
    const [fw] = await tree.getChildren(vms);
    assert.ok(fw);

    assert.strictEqual(tree.getParent(fw), vms);
    assert.strictEqual(tree.getParent(lab), undefined);
  });

  test('shows what is being typed, and keeps the last lab while it cannot be read', async () => {
    const document = await vscode.workspace.openTextDocument(uri);

    await type(document, document.getText().replace('  pc:', '  desk:'));
    await until(
      'rows',
      async () => vmNames(await find('firewall')),
      names => names.includes('desk'),
    );
    await type(document, '[');

    const rows = await until(
      'rows',
      () => rowsOf(tree),
      found => found.some(row => row.includes('problem')),
    );
    assert.ok(rows.some(row => row.startsWith('firewall | 0 of 3 running · ')));
  });

  test('opens the lab file at a VM', async () => {
    const [vms] = await tree.getChildren(await find('firewall'));
    const web = (await tree.getChildren(vms))[2];

    await vscode.commands.executeCommand('kvmlab.openLabFile', web);

    const editor = vscode.window.activeTextEditor;
    assert.strictEqual(editor?.document.uri.fsPath, uri.fsPath);
    assert.strictEqual(editor.document.getText(editor.selection), 'web');
  });

  test('has a view for the labs and one for this host', async () => {
    const commands = await vscode.commands.getCommands(true);

    assert.deepStrictEqual(
      ['kvmlab.labs.focus', 'kvmlab.host.focus'].filter(id => !commands.includes(id)),
      [],
    );
  });

  async function shownLabs(): Promise<readonly string[]> {
    return (await tree.getChildren()).map(row => row.node.label);
  }

  async function find(label: string): Promise<TreeRow> {
    const rows = await tree.getChildren();
    const found = rows.find(row => row.node.label === label);
    assert.ok(found, `no lab ${label}`);
    return found;
  }

  async function vmNames(lab: TreeRow): Promise<readonly string[]> {
    const [vms] = await tree.getChildren(lab);
    return (await tree.getChildren(vms)).map(row => row.node.label);
  }
});
