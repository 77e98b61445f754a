import * as assert from 'node:assert';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../extension/composition.ts';
import type { ThingRef } from '../../extension/runtime/state.ts';
import type { TreeRow } from '../../extension/vscode/trees/tree-provider.ts';
import {
  activeExtension,
  overWith,
  removeFiles,
  startedPc,
  until,
  workspaceFolder,
  writeFile,
} from '../support/extension-host.ts';
import { freeIds } from '../support/free-ids.ts';

/** A VM that only runs its firmware: QEMU takes sticks all the same. */
suite('USB sticks', function () {
  this.timeout(400_000);
  let api: ExtensionApi;
  let uri: vscode.Uri;
  let pc: ThingRef;
  const sticks = (): string => path.join(workspaceFolder().fsPath, 'sticks');
  const stick = (): string => path.join(sticks(), 'stuff.img');

  suiteSetup(async () => {
    api = await activeExtension();
    const [id] = await freeIds(1);
    await writeFile('stuff/read me.txt', 'hello');
    const text = `name: s${process.pid}\nvms:\n  pc: { id: ${id}, memory: 32M, accel: tcg, sticks: [] }\n`;
    ({ uri, pc } = await startedPc(api, 'sticks.lab.yaml', text));
  });
  suiteTeardown(async () => {
    await api.control.run('kill', [pc]);
    await removeFiles(uri);
    for (const folder of [sticks(), path.join(workspaceFolder().fsPath, 'stuff')])
      await rm(folder, { recursive: true, force: true });
  });

  test('are made from a folder, plugged in and pulled out, seen in the tree', async () => {
    const stuff = vscode.Uri.joinPath(workspaceFolder(), 'stuff');
    await overWith(vscode.commands.executeCommand('kvmlab.newStick', stuff));
    assert.deepStrictEqual(await rows(), []);

    await vscode.commands.executeCommand('kvmlab.plugStick', pc, undefined, stick());
    const [plugged] = await until('the row', rows, found => found.length === 1);
    assert.strictEqual(plugged?.node.label, 'stuff.img');
    assert.strictEqual(plugged.node.contextValue, 'stick.in');

    await vscode.commands.executeCommand('kvmlab.pullStick', plugged);
    await until('no row', rows, found => found.length === 0);
  });

  test('of the lab file are offered while they are not plugged in', async () => {
    const text = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString();
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text.replace('[]', '[sticks/stuff.img]')));

    const [named] = await until('the row', rows, found => found.length === 1);
    assert.strictEqual(named?.node.contextValue, 'stick.out');
    await vscode.commands.executeCommand('kvmlab.plugStick', named);

    const [plugged] = await until('it in', rows, ([row]) => row?.node.contextValue === 'stick.in');
    assert.strictEqual(plugged?.node.stick, stick());
    await vscode.commands.executeCommand('kvmlab.pullStick', plugged);
  });

  async function rows(): Promise<readonly TreeRow[]> {
    const { provider } = api.labsTree;
    const lab = (await provider.getChildren()).find(one => one.node.thing?.lab === uri.fsPath);
    const [vms] = await provider.getChildren(lab);
    const [vm] = await provider.getChildren(vms);
    return (await provider.getChildren(vm)).filter(({ node }) => node.stick !== undefined);
  }
});
