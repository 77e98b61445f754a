import * as assert from 'node:assert';
import { once } from 'node:events';
import net from 'node:net';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../extension/composition.ts';
import type { ThingRef } from '../../extension/runtime/state.ts';
import { activeExtension, removeFiles, until, writeFile } from '../support/extension-host.ts';
import { freeIds } from '../support/free-ids.ts';

/** A lab that wants a port of this host which somebody else has. */
suite('what a lab needs of this host', function () {
  this.timeout(120_000);
  let api: ExtensionApi;
  let server: net.Server;
  let uri: vscode.Uri;
  let port: number;
  let lab: ThingRef;

  suiteSetup(async () => {
    api = await activeExtension();
    const [id] = await freeIds(1);
    server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as net.AddressInfo).port;
    const name = `h${process.pid}`;
    uri = await writeFile(
      'host.lab.yaml',
      `name: ${name}\nswitches: { inet: { slirp: { forward: [tcp ${port} 10.0.2.15:22] } } }\nvms: { pc: { id: ${id}, memory: 32M } }\n`,
    );
    lab = { lab: uri.fsPath, kind: 'lab', name };
    await until(
      'the lab',
      () => api.store.lab(uri.fsPath)?.lab?.vms.length,
      count => count === 1,
    );
  });
  suiteTeardown(async () => {
    server.close();
    await removeFiles(uri);
  });

  test('stands in the status bar while it is missing, and only then', async () => {
    await until(
      'the status bar',
      () => api.hostProblems.text,
      text => text?.endsWith('with this host') === true,
    );
  });

  test('is asked about before a start, and nothing starts without a yes', async () => {
    const asked: string[] = [];
    const { showWarningMessage } = vscode.window;
    const answer = (question: string, options: vscode.MessageOptions): Promise<undefined> => {
      asked.push(question, options.detail ?? '');
      return Promise.resolve(undefined);
    };
    Object.assign(vscode.window, { showWarningMessage: answer });
    try {
      await vscode.commands.executeCommand('kvmlab.start', lab);
    } finally {
      Object.assign(vscode.window, { showWarningMessage });
    }

    assert.strictEqual(asked[0], 'This host has not enough for this start.');
    assert.match(
      asked[1] ?? '',
      new RegExp(`Port ${port} \\(tcp\\), for the forward to 10\\.0\\.2\\.15:22, is taken by `),
    );
    assert.ok([...(api.store.lab(uri.fsPath)?.vms.values() ?? [])].every(({ kind }) => kind === 'stopped'));
  });
});
