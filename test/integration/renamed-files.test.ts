import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { activeExtension, removeFiles, until, workspaceFolder, writeFile } from '../support/extension-host.ts';

async function openLab(text: string): Promise<vscode.TextDocument> {
  const { store } = await activeExtension();
  const uri = await writeFile('disked.lab.yaml', text);
  await until(
    'the lab',
    () => store.lab(uri.fsPath)?.lab?.vms.length,
    count => count !== undefined,
  );
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

const renameEdit = (document: vscode.TextDocument, to: string): Thenable<vscode.WorkspaceEdit> =>
  vscode.commands.executeCommand(
    'vscode.executeDocumentRenameProvider',
    document.uri,
    document.positionAt(document.getText().indexOf('  old') + 3),
    to,
  );

suite('a VM that gets another name', () => {
  test('takes a real disk over an image along, and one undo brings both back with their scripts', async () => {
    const folder = vscode.Uri.joinPath(workspaceFolder(), 'disked');
    const inFolder = (name: string): string => path.join(folder.fsPath, name);
    const labText = (name: string): string =>
      `name: disked\nimages: { base: { file: disked/base.qcow2 } }\nvms:\n  ${name}: { id: 7391, image: base }\n`;
    const image = (...words: readonly string[]): string => execFileSync('qemu-img', words, { encoding: 'utf8' });
    const backing = (name: string): string => image('info', '--backing-chain', inFolder(`disks/${name}.qcow2`));
    mkdirSync(inFolder('disks'), { recursive: true });
    image('create', '-q', '-f', 'qcow2', inFolder('base.qcow2'), '1M');
    const disks = await openLab(labText('old'));
    try {
      await vscode.commands.executeCommand('kvmlab.generate', disks.uri);
      const over = ['-b', '../base.qcow2', '-F', 'qcow2'];
      image('create', '-q', '-f', 'qcow2', ...over, inFolder('disks/old.qcow2'));
      const own = readFileSync(inFolder('old.sh'), 'utf8').replace('RAM=256M', 'RAM=64M');
      writeFileSync(inFolder('old.sh'), own);

      await vscode.workspace.applyEdit(await renameEdit(disks, 'new'));
      assert.strictEqual(disks.getText(), labText('new'));
      assert.match(backing('new'), /base\.qcow2/);
      await vscode.commands.executeCommand('kvmlab.renew', disks.uri);
      assert.match(readFileSync(inFolder('new.sh'), 'utf8'), /^RAM=64M$[^]*new\.qcow2/m);

      await vscode.window.showTextDocument(disks);
      await vscode.commands.executeCommand('undo');

      assert.strictEqual(disks.getText(), labText('old'));
      assert.match(backing('old'), /base\.qcow2/);
      await vscode.commands.executeCommand('kvmlab.renew', disks.uri);
      assert.match(readFileSync(inFolder('old.sh'), 'utf8'), /^# VM old [^]*^RAM=64M$[^]*old\.qcow2/m);
      assert.deepStrictEqual(
        readdirSync(folder.fsPath).filter(name => name.startsWith('new')),
        [],
      );
    } finally {
      await removeFiles(disks.uri);
      await vscode.workspace.fs.delete(folder, { recursive: true });
    }
  });
});
