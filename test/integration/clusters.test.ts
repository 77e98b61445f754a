import * as assert from 'node:assert';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../extension/composition.ts';
import type { ThingRef } from '../../extension/runtime/state.ts';
import type { TreeRow } from '../../extension/vscode/trees/tree-provider.ts';
import { activeExtension, removeFiles, rowsOf, until, workspaceFolder, writeFile } from '../support/extension-host.ts';
import { freeIds } from '../support/free-ids.ts';

/** Pacemaker's programs print what they printed in a real cluster; that one runs in the system tests. */
suite('clusters of labs', function () {
  this.timeout(400_000);
  const name = `c${process.pid}`;
  const programs = mkdtempSync(path.join(tmpdir(), 'klcl-'));
  const pathBefore = process.env['PATH'];
  let api: ExtensionApi;
  let uri: vscode.Uri;
  let lab: ThingRef;

  suiteSetup(async () => {
    answer('crm_mon', transcript('crm_mon'));
    answer('cibadmin', cib);
    answer('crm_resource', '');
    answer('crm_simulate', transcript('crm_simulate'));
    process.env['PATH'] = `${programs}:${pathBefore}`;
    api = await activeExtension();
    await vscode.commands.executeCommand('kvmlab.labs.focus');
    const [fw, web] = await freeIds(2);
    const host = '{ run: /run/kvmlab, scripts: /srv/kl, shared: [/srv/kl] }';
    const vms = `vms: { fw: { id: ${fw}, host: left }, web: { id: ${web}, host: right, after: fw } }`;
    const text = `name: ${name}\nlocks: /srv/kl/locks\nhosts: { left: ${host}, right: ${host} }\n${vms}\n`;
    uri = await writeFile('clusters.lab.yaml', text);
    lab = { lab: uri.fsPath, kind: 'lab', name };
    await until(
      'the lab',
      () => api.store.lab(uri.fsPath)?.lab?.vms.length,
      count => count === 2,
    );
  });
  suiteTeardown(async () => {
    process.env['PATH'] = pathBefore;
    await removeFiles(uri);
    for (const file of [programs, path.join(workspaceFolder().fsPath, 'part.xml')])
      rmSync(file, { recursive: true, force: true });
  });

  test('are shown in their tree: where each VM runs', async () => {
    const cluster = await row('Cluster');

    assert.deepStrictEqual(await rowsOf(api.labsTree.provider, cluster), [
      'left | online · fw',
      'right | online · web',
      'fw | started on left',
      'web | started on right',
      'Fencing | power-left, power-right',
    ]);
  });

  test('are looked at again after failures were cleared', async () => {
    answer('crm_mon', transcript('crm_mon-fenced'));
    const failed = await row('web', '1 failure');
    assert.deepStrictEqual(await rowsOf(api.labsTree.provider, failed), ['right | monitor: not running · 1×']);
    writeFileSync(path.join(programs, 'cleared'), transcript('crm_mon'));
    answer('crm_resource', '', `; cd '${programs}'; printf "%s " "$@" >ordered; mv cleared crm_mon.out`);

    await vscode.commands.executeCommand('kvmlab.haClear', failed);

    assert.strictEqual(
      readFileSync(path.join(programs, 'ordered'), 'utf8'),
      `--cleanup --resource kvmlab.${name}.web `,
    );
    await until(
      'the failure to go',
      () => row('web'),
      ({ node }) => node.contextValue === 'cluster.vm',
    );
  });

  test('are compared with the lab file in the diff editor', async () => {
    await vscode.commands.executeCommand('kvmlab.haDiff', lab);

    const held = (what: string): string =>
      vscode.workspace.textDocuments.find(one => one.uri.query === what)?.getText() ?? '';
    await until(
      'the diff',
      () => held('as the lab file says'),
      text => text.includes(`kvmlab.${name}.fw`),
    );
    assert.match(held('in the cluster'), /^<primitive class="stonith"/);
    assert.doesNotMatch(held('in the cluster'), new RegExp(name));
  });

  test('are asked what would happen if a host died', async () => {
    await vscode.commands.executeCommand('kvmlab.haSimulate', await row('left'));

    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /^If left died \(worked out by Pacemaker, from what runs now\):\n\nleft would be fenced/);
    assert.match(text, /fw would be started on right, from its disk\./);
  });

  test('are exported to without fencing only if the user insists', async () => {
    answer('cibadmin', cib.replace(/<primitive[^>]*>/, ''));
    const part = vscode.Uri.file(path.join(workspaceFolder().fsPath, 'part.xml'));
    const asked: string[] = [];
    const exportThem = (button: string | undefined): Promise<void> =>
      answering(
        {
          showWarningMessage: (question: string, { detail = '' }: vscode.MessageOptions) => {
            asked.push(`${question}\n${detail}`);
            return Promise.resolve(button);
          },
          showSaveDialog: () => Promise.resolve(part),
        },
        () => vscode.commands.executeCommand('kvmlab.haExport', lab),
      );

    await exportThem(undefined);
    assert.strictEqual(existsSync(part.fsPath), false);
    assert.match(asked[0] ?? '', /could run twice\.\nThere is no fencing device/);

    await exportThem('Export Without');
    const written = readFileSync(part.fsPath, 'utf8');
    assert.match(written, new RegExp(`<primitive id="kvmlab.${name}.fw" class="ocf"`));
    assert.match(written, /name="stonith-enabled" value="true"/);
  });

  test('that answer no more are shown as they were, with that', async () => {
    answer('crm_mon', '', '; exit 102');

    const cluster = await row('Cluster', 'does not answer');
    assert.strictEqual(cluster.node.children.length, 5);
  });

  /** Lets one of Pacemaker's programs print a text from now on. */
  function answer(program: string, text: string, more = ''): void {
    const file = path.join(programs, `${program}.out`);
    writeFileSync(file, text);
    // Whole at once: it may be run at any moment.
    writeFileSync(`${file}.new`, `#!/bin/sh\ncat '${file}'${more}\n`, { mode: 0o755 });
    renameSync(`${file}.new`, path.join(programs, program));
  }

  function transcript(of: string): string {
    const { extensionPath } = vscode.extensions.getExtension('kvmlab.kvmlab')!;
    const file = path.join(extensionPath, 'test/unit/cluster/transcripts', `${of}.xml`);
    return readFileSync(file, 'utf8').replaceAll('kvmlab.dmz.', `kvmlab.${name}.`);
  }

  /** A row of the lab, at any depth, as soon as it is there and its description says this. */
  async function row(label: string, words = ''): Promise<TreeRow> {
    const { provider } = api.labsTree;
    const search = async (from: TreeRow | undefined): Promise<TreeRow | undefined> => {
      for (const one of await provider.getChildren(from)) {
        if (!one.node.contextValue.startsWith('cluster') && !one.node.contextValue.startsWith('lab.')) continue;
        if (one.node.thing?.lab !== uri.fsPath) continue;
        if (one.node.label === label && one.node.description.includes(words)) return one;
        const inside = await search(one);
        if (inside) return inside;
      }
      return undefined;
    };
    const found = await until(
      `the row ${label}`,
      () => search(undefined),
      one => one !== undefined,
      120_000,
    );
    assert.ok(found);
    return found;
  }
});

/** Answers questions while something is done, as the test host shows no dialogs. */
async function answering(answers: Readonly<Record<string, unknown>>, act: () => Thenable<unknown>): Promise<void> {
  const before = { ...vscode.window };
  Object.assign(vscode.window, answers);
  try {
    await act();
  } finally {
    for (const question of Object.keys(answers))
      Object.assign(vscode.window, { [question]: before[question as keyof typeof before] });
  }
}

const cib =
  '<cib epoch="7" num_updates="3" admin_epoch="0"><configuration><crm_config/><nodes/><resources>' +
  '<primitive id="power" class="stonith" type="external/ipmi"/></resources><constraints/></configuration><status><node_state/></status></cib>';
