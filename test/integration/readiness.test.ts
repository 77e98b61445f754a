import * as assert from 'node:assert';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../extension/composition.ts';
import { labRunDir, runRoot } from '../../extension/host/paths.ts';
import { vmFiles } from '../../extension/lab/layout.ts';
import type { ThingRef } from '../../extension/runtime/state.ts';
import type { TreeNode } from '../../extension/runtime/views/tree-node.ts';
import type { TreeRow } from '../../extension/vscode/trees/tree-provider.ts';
import { activeExtension, removeFiles, until, writeFile } from '../support/extension-host.ts';
import { freeIds } from '../support/free-ids.ts';

/** Two VMs that only run their firmware; what the first is to say, the test writes where QEMU writes what it prints. */
suite('VMs that say when they are ready', function () {
  this.timeout(400_000);
  const name = `ready${process.pid}`;
  let api: ExtensionApi;
  let uri: vscode.Uri;
  let lab: ThingRef;

  suiteSetup(async () => {
    api = await activeExtension();
    const [first, second] = await freeIds(2);
    uri = await writeFile(
      `${name}.lab.yaml`,
      `vms:
  server: { id: ${first}, memory: 32M, accel: tcg, ready: { prompt: all is up, within: 20m } }
  client: { id: ${second}, memory: 32M, accel: tcg, after: server }
`,
    );
    lab = { lab: uri.fsPath, kind: 'lab', name };
    await until(
      'the lab',
      () => api.store.lab(uri.fsPath)?.lab?.vms.length,
      count => count === 2,
    );
  });
  suiteTeardown(async () => {
    await api.control.run('kill', [lab]);
    await removeFiles(uri);
  });

  test('are booting, then ready, and hold back those behind them', async () => {
    const starting = vscode.commands.executeCommand('kvmlab.start', lab);
    const booting = await rowOf('server', ({ description }) => description.startsWith('running · booting'));
    assert.strictEqual(booting.icon.name, 'record');
    assert.match((await rowOf('client', () => true)).description, /^starting · ID/);

    const log = path.join(labRunDir(runRoot(process.env, process.getuid!()), name), vmFiles('server').consoleLog);
    await appendFile(log, '\r\nall is up\r\n');

    await rowOf('server', ({ description }) => description.startsWith('running · ready'));
    await starting;
    await rowOf('client', ({ description }) => description.startsWith('running · ID'));
  });

  /** The row of a VM, as soon as it is as wanted. */
  function rowOf(vm: string, isWanted: (node: TreeNode) => boolean): Promise<TreeNode> {
    const { provider } = api.labsTree;
    const look = async (): Promise<TreeNode | undefined> => {
      const inside = async (rows: readonly TreeRow[]): Promise<TreeNode | undefined> => {
        for (const row of rows) {
          const { thing } = row.node;
          if (thing && thing.lab !== uri.fsPath) continue;
          if (thing?.kind === 'vm' && thing.name === vm) return row.node;
          const found = await inside(await provider.getChildren(row));
          if (found) return found;
        }
        return undefined;
      };
      return inside(await provider.getChildren());
    };
    return until(`the row of ${vm}`, look, node => node !== undefined && isWanted(node), 180_000).then(node => node!);
  }
});
