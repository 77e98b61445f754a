import * as assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../extension/composition.ts';
import { LinuxPortHolders } from '../../extension/host/port-holder.ts';
import { serialPort } from '../../extension/lab/networks/addressing.ts';
import type { RunState, ThingRef } from '../../extension/runtime/state.ts';
import {
  activeExtension,
  overWith,
  removeFiles,
  startedPc,
  until,
  workspaceFolder,
} from '../support/extension-host.ts';
import { freeIds } from '../support/free-ids.ts';
import { hasSshServer, SshHost } from '../support/ssh-host.ts';

const inFolder = (file: string): string => path.join(workspaceFolder().fsPath, file);
const there = (): string => inFolder('there');

/** Ends a VM in the other run-time folders, if a test has left it there. */
function killThere(lab: string): void {
  if (existsSync(there())) spawnSync(inFolder(`${lab}/pc.sh`), [`RUN_ROOT=${there()}`, 'kill']);
}

/** Puts functions in the place of those of VS Code's window while something is done. */
async function whileWindowHas(functions: object, work: () => Promise<void>): Promise<void> {
  const own = Object.fromEntries(
    Object.keys(functions).map(name => [name, Reflect.get(vscode.window, name) as unknown]),
  );
  Object.assign(vscode.window, functions);
  await work().finally(() => Object.assign(vscode.window, own));
}

/** The first choice is where it goes, then to migrate if nothing speaks against it. */
const migrate = (pc: ThingRef): Promise<void> => overWith(vscode.commands.executeCommand('kvmlab.migrate', pc));

/** A VM that only runs its firmware, and other run-time folders on the same host. */
suite('migration of a VM', function () {
  this.timeout(400_000);
  const name = `g${process.pid}`;
  let api: ExtensionApi;
  let uri: vscode.Uri;
  let pc: ThingRef;
  let ids: readonly number[];
  const state = (): RunState => api.store.stateOf(pc);

  suiteSetup(async () => {
    api = await activeExtension();
    ids = await freeIds(2);
    // While the trees are seen, VS Code has the socket for watchers of each VM to itself.
    await vscode.commands.executeCommand('kvmlab.labs.focus');
    // Memory that is not empty takes a while to send.
    writeFileSync(inFolder('memory'), Buffer.alloc(24 << 20, 'it takes a while '));
    const loader = `loader,file=${inFolder('memory')},addr=0x1000000,force-raw=on`;
    const text = `name: ${name}\nvms:\n  pc: { id: ${ids[0]}, memory: 64M, accel: tcg, extra: [-device, "${loader}"] }\n`;
    ({ uri, pc } = await startedPc(api, 'migrate.lab.yaml', text));
  });
  suiteTeardown(async () => {
    await api.control.run('kill', [pc]);
    killThere(name);
    await removeFiles(uri);
    for (const one of [name, 'there', 'memory']) rmSync(inFolder(one), { recursive: true, force: true });
  });

  test('shows what speaks against it, and does nothing then', async () => {
    await toTheOther(ids[0]);

    assert.strictEqual(state().kind, 'running');
    assert.strictEqual(existsSync(path.join(there(), name, 'pc.pid')), false);
  });

  test('is called off while its memory is sent, and it goes on where it was', async () => {
    const settings = vscode.workspace.getConfiguration('kvmlab');
    await settings.update('migration.bandwidth', 1, vscode.ConfigurationTarget.Workspace);
    const { withProgress } = vscode.window;
    const cancelled: string[] = [];
    const calledOff: typeof withProgress = (options, work) => {
      if (!options.title?.startsWith('Migrating')) return withProgress(options, work);
      const button = new vscode.CancellationTokenSource();
      const report = ({ message = '' }: { message?: string }): void => {
        cancelled.push(message);
        button.cancel();
      };
      return work({ report }, button.token);
    };
    const asked: string[] = [];
    const showErrorMessage = (message: string): Promise<undefined> => {
      asked.push(message);
      return Promise.resolve(undefined);
    };

    await whileWindowHas({ withProgress: calledOff, showErrorMessage }, () => toTheOther(ids[1]));
    await settings.update('migration.bandwidth', undefined, vscode.ConfigurationTarget.Workspace);

    assert.match(cancelled.join('\n'), /sent · .* to go/);
    assert.match(asked.join('\n'), /called off/);
    assert.deepStrictEqual([state().kind, 'folder' in state()], ['running', false]);
    assert.strictEqual(existsSync(path.join(there(), name, 'pc.pid')), false);
  });

  test('moves it while it runs, shows it where it is, and its console goes along, there and back', async () => {
    await vscode.commands.executeCommand('kvmlab.openConsole', pc);
    await consoleIsAt(ids[0]);

    await toTheOther(ids[1]);

    const now = state();
    assert.ok(now.kind === 'running');
    assert.deepStrictEqual([now.id, now.folder], [ids[1], path.join(there(), name)]);
    await consoleIsAt(ids[1]);

    await migrate(pc);

    assert.deepStrictEqual(Object.keys(state()), ['kind', 'pid']);
    await consoleIsAt(ids[0]);
  });

  /** The first choice is the only target. */
  async function toTheOther(id: number | undefined): Promise<void> {
    const answers = [there(), String(id)];
    const showInputBox = (): Promise<string | undefined> => Promise.resolve(answers.shift());
    await whileWindowHas({ showInputBox }, () => migrate(pc));
    assert.deepStrictEqual(answers, []);
  }

  /** VS Code itself is connected to the console. */
  async function consoleIsAt(id = 0): Promise<void> {
    const port = serialPort(id);
    await until(
      `the console at port ${port}`,
      async () => (await new LinuxPortHolders().find([port])).get(port)?.pid,
      pid => pid === process.pid,
    );
  }
});

if (hasSshServer)
  suite('migration of a VM to another host', function () {
    this.timeout(400_000);
    const name = `h${process.pid}`;
    const ownPath = process.env['PATH'];
    let api: ExtensionApi;
    let ssh: SshHost;
    let uri: vscode.Uri;
    let pc: ThingRef;

    suiteSetup(async () => {
      api = await activeExtension();
      ssh = await SshHost.start(there());
      process.env['PATH'] = `${ssh.programs()}:${ownPath}`;
      const [a, b] = await freeIds(2);
      const host = `{ ssh: other, run: ${there()}, scripts: ${inFolder('far')} }`;
      const text = `name: ${name}\nhosts: { left: ${host} }\nvms:\n  pc: { id: ${a}, memory: 32M, accel: tcg }\n`;
      ({ uri, pc } = await startedPc(api, 'far.lab.yaml', text));
      // Both hosts are this one, so it has another ID there.
      cpSync(inFolder(name), inFolder(`far/${name}`), { recursive: true });
      const script = inFolder(`far/${name}/pc.sh`);
      writeFileSync(script, readFileSync(script, 'utf8').replace(/^ID=\d+/m, `ID=${b}`));
      writeFileSync(inFolder(`far/${name}/host`), 'left\n');
    });
    suiteTeardown(async () => {
      await api.control.run('kill', [pc]);
      killThere(`far/${name}`);
      process.env['PATH'] = ownPath;
      ssh.dispose();
      await removeFiles(uri);
      for (const one of [name, 'far', 'there']) rmSync(inFolder(one), { recursive: true, force: true });
    });

    test('shows it there, writes that down if it is to, and brings it back', async () => {
      const showInformationMessage = (_words: string, ...buttons: readonly string[]): Promise<string | undefined> =>
        Promise.resolve(buttons.find(one => one === 'Write to Lab File'));

      await whileWindowHas({ showInformationMessage }, async () => {
        await migrate(pc);
        const open = (): string | undefined =>
          vscode.workspace.textDocuments.find(one => one.uri.fsPath === uri.fsPath)?.getText();
        await until('the host in the lab file', open, text => text?.includes('host: left') === true);
      });

      const now = api.store.stateOf(pc);
      assert.ok(now.kind === 'running');
      assert.strictEqual(now.far?.host, 'left');

      await migrate(pc);

      await until(
        'it to be here again',
        () => api.store.stateOf(pc),
        one => one.kind === 'running' && one.far === undefined,
      );
    });
  });
