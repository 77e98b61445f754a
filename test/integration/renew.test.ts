import * as assert from 'node:assert';
import { readFile, writeFile as writeText } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { activeExtension, removeFiles, until, workspaceFolder, writeFile } from '../support/extension-host.ts';

const labText = (memory: string): string => `vms:\n  a: { id: 7103, memory: ${memory} } # mine\n`;

suite('renewing scripts', () => {
  let uri: vscode.Uri;
  let script: string;

  setup(async () => {
    uri = await writeFile('renewed.lab.yaml', labText('256M'));
    await untilRead('256M');
    await vscode.commands.executeCommand('kvmlab.renew', uri);
    script = path.join(workspaceFolder().fsPath, 'renewed/a.sh');
  });
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await removeFiles(uri);
    await vscode.workspace.fs.delete(vscode.Uri.file(path.dirname(script)), { recursive: true });
  });

  /** A document that is still open hears of its file a moment later. */
  const untilRead = async (memory: string): Promise<void> => {
    const { store } = await activeExtension();
    await until(
      'the lab',
      () => store.lab(uri.fsPath)?.reading.lab?.vms[0]?.memory,
      found => found === memory,
    );
  };

  const edit = async (from: string, to: string): Promise<void> => {
    const text = await readFile(script, 'utf8');
    assert.ok(text.includes(from));
    await writeText(script, text.replace(from, to));
  };

  test('finds a hand edit and a change of the lab file, also of one that is not saved', async () => {
    await edit('CPUS=1', 'CPUS=3 # compiles');
    const document = await vscode.workspace.openTextDocument(uri);
    const change = new vscode.WorkspaceEdit();
    change.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), labText('512M'));
    await vscode.workspace.applyEdit(change);

    await vscode.commands.executeCommand('kvmlab.renew', uri);

    assert.match(await readFile(script, 'utf8'), /\nRAM=512M\nCPUS=3 # compiles\n/);
  });

  test('a clash opens the merge editor and writes nothing before somebody chooses', async () => {
    await edit('RAM=256M', 'RAM=1G');
    await writeFile('renewed.lab.yaml', labText('512M'));
    await untilRead('512M');

    const renewing = vscode.commands.executeCommand('kvmlab.renew', uri);
    await until(
      'a merge editor',
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label,
      label => label === 'Merging: a.sh',
    );
    assert.match(await readFile(script, 'utf8'), /\nRAM=1G\n/);
    await until(
      'the question',
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return readFile(script, 'utf8');
      },
      text => text.includes('#| RAM=512M'),
    );
    await renewing;

    assert.match(await readFile(script, 'utf8'), /\nRAM=1G\n/);
  });

  test('a hand edit becomes the smallest edit of the lab file, which one undo takes back', async () => {
    await edit('RAM=256M', 'RAM=1G');

    await vscode.commands.executeCommand('kvmlab.adoptScripts', { lab: uri.fsPath, kind: 'vm', name: 'a' });

    const document = await vscode.workspace.openTextDocument(uri);
    assert.strictEqual(document.getText(), labText('1G'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.strictEqual(document.getText(), labText('256M'));
    await document.save();
  });
});
