import * as assert from 'node:assert';
import * as vscode from 'vscode';

suite('the extension in a real extension host', () => {
  const extension = () => vscode.extensions.getExtension('kvmlab.kvmlab');

  test('is known and runs where the workspace is', () => {
    assert.strictEqual(extension()?.extensionKind, vscode.ExtensionKind.Workspace);
  });

  test('activates', async () => {
    await extension()?.activate();

    assert.strictEqual(extension()?.isActive, true);
  });

  test('registers every command of its manifest', async () => {
    const manifest = extension()?.packageJSON as { contributes?: { commands?: { command: string }[] } };
    await extension()?.activate();

    const registered = new Set(await vscode.commands.getCommands(true));

    const missing = (manifest.contributes?.commands ?? [])
      .map(({ command }) => command)
      .filter(id => !registered.has(id));
    assert.deepStrictEqual(missing, []);
  });
});
