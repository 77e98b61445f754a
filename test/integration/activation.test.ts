import * as assert from 'node:assert';
import { statSync } from 'node:fs';
import * as path from 'node:path';
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

  test('is smaller than 400 kB, so that it loads fast', async () => {
    await extension()?.activate();
    const dist = path.join(extension()!.extensionPath, 'dist');
    const loaded = Object.keys(require.cache).filter(file => file.startsWith(dist));

    const size = loaded.reduce((sum, file) => sum + statSync(file).size, 0);

    assert.ok(loaded.some(file => file.endsWith('extension.js')));
    assert.ok(size < 400_000, `${loaded.join(', ')} have ${size} bytes: take something out, or load it later`);
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
