import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../extension/composition.ts';
import type { ThingRef } from '../../extension/runtime/state.ts';
import type { TreeRow } from '../../extension/vscode/trees/tree-provider.ts';
import {
  activeExtension,
  overWith,
  removeFiles,
  rowsOf,
  until,
  workspaceFolder,
  writeFile,
} from '../support/extension-host.ts';
import { freeIds } from '../support/free-ids.ts';
import { ImageServer, sends } from '../support/image-server.ts';

/** Two labs whose images lie beside them, made by the real qemu-img; and one image that has to be fetched. */
suite('the view of images', function () {
  this.timeout(400_000);
  const lab = `i${process.pid}`;
  const content = Buffer.alloc(1 << 20, `an image of ${lab}\n`);
  const files: vscode.Uri[] = [];
  let api: ExtensionApi;
  let server: ImageServer;
  let far: ThingRef;
  const inFolder = (name: string): string => path.join(workspaceFolder().fsPath, name);
  const folder = inFolder(lab);
  const qemuImg = (...args: readonly string[]): string => execFileSync('qemu-img', args, { encoding: 'utf8' });

  suiteSetup(async () => {
    api = await activeExtension();
    server = await ImageServer.open();
    server.answer(sends(content));
    mkdirSync(folder);
    qemuImg('create', '-q', '-f', 'qcow2', `${folder}/base.qcow2`, '64M');
    qemuImg('create', '-q', '-f', 'qcow2', '-b', 'base.qcow2', '-F', 'qcow2', `${folder}/work.qcow2`);
    const [id = 0, other = 0] = await freeIds(2);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const near = `images: { base: { file: ${lab}/base.qcow2 } }\nvms:\n  db: { id: ${id}, disks: ${lab}/work.qcow2 }\n  web: { image: base }\n`;
    const remote = `images: { net: { url: '${server.url}', sha256: ${sha256}, format: raw } }\nvms:\n  far: { id: ${other}, memory: 32M, accel: tcg, image: net }\n`;
    files.push(await writeFile('near.lab.yaml', `name: n${process.pid}\n${near}`));
    files.push(await writeFile('far.lab.yaml', `name: ${lab}\n${remote}`));
    far = { lab: inFolder('far.lab.yaml'), kind: 'vm', name: 'far' };
    await vscode.commands.executeCommand('kvmlab.images.focus');
    await row('net');
  });
  suiteTeardown(async () => {
    await api.control.run('kill', [far]);
    server.close();
    const fetched = (await row('net')).node.image?.path;
    if (fetched !== undefined) for (const end of ['', '.part', '.lock']) rmSync(`${fetched}${end}`, { force: true });
    await removeFiles(...files);
    rmSync(folder, { recursive: true, force: true });
  });

  test('shows format, sizes, what lies under an image and who uses it', async () => {
    const work = await row(`${lab}/work.qcow2`);
    const base = await row(`${lab}/base.qcow2`);

    assert.match(await described(`${lab}/work.qcow2`), /^\d+(\.\d)? KiB of 64\.0 MiB · db · qcow2$/);
    const [under, user] = await rowsOf(api.imagesTree.provider, work);
    assert.match(under ?? '', /^base\.qcow2 \| lies under it · qcow2 · \d+(\.\d)? KiB$/);
    assert.strictEqual(user, 'db | not running');
    assert.match(await described(`${lab}/base.qcow2`), /only read by web · qcow2$/);
    assert.deepStrictEqual(await rowsOf(api.imagesTree.provider, base), ['web | not running']);
    assert.strictEqual(await described('disks/web.qcow2'), 'made at the first start · web · qcow2');
  });

  test('takes a snapshot by the name that is proposed, and counts it', async () => {
    await overWith(vscode.commands.executeCommand('kvmlab.snapshotImage', await row(`${lab}/work.qcow2`)));

    assert.match(qemuImg('snapshot', '-l', `${folder}/work.qcow2`), /\bsnapshot-1\b/);
    await until(
      'the tooltip',
      async () => (await row(`${lab}/work.qcow2`)).node.tooltip,
      text => text.includes('Snapshots: 1'),
    );
    qemuImg('snapshot', '-d', 'snapshot-1', `${folder}/work.qcow2`);
  });

  test('compacts an image and shows what it takes then', async () => {
    execFileSync('qemu-io', ['-c', 'write -P 1 0 8M', '-c', 'write -z 0 8M', `${folder}/work.qcow2`]);
    api.imagesTree.draw().catch(assert.ifError);
    await until(
      'the size',
      () => described(`${lab}/work.qcow2`),
      text => /^[89]\.\d MiB/.test(text),
    );

    await vscode.commands.executeCommand('kvmlab.compactImage', await row(`${lab}/work.qcow2`));

    await until(
      'the size',
      () => described(`${lab}/work.qcow2`),
      text => /^\d+(\.\d)? KiB/.test(text),
    );
  });

  test('a VM that waits for an image starts when it is fetched, and is seen to use it', async () => {
    await vscode.commands.executeCommand('kvmlab.start', far);
    const failed = api.store.stateOf(far);
    assert.match(failed.kind === 'failed' ? failed.reason : failed.kind, /is not fetched yet/);
    assert.match(await described('net'), /^not fetched/);

    await vscode.commands.executeCommand('kvmlab.fetchAndStart', far, [far]);

    assert.strictEqual(api.store.stateOf(far).kind, 'running');
    assert.ok(existsSync((await row('net')).node.image?.path ?? ''));
    await until(
      'the user',
      () => described('disks/far.qcow2'),
      text => text.includes('far (running)'),
    );
    assert.strictEqual((await row('disks/far.qcow2')).node.contextValue, 'image.fixed');
  });

  /** The row at the top with this label, as soon as it is there. */
  async function row(label: string): Promise<TreeRow> {
    const { provider } = api.imagesTree;
    const found = await until(
      `the image ${label}`,
      async () => (await provider.getChildren()).find(one => one.node.label === label),
      one => one !== undefined,
    );
    assert.ok(found);
    return found;
  }

  async function described(label: string): Promise<string> {
    return String(api.imagesTree.provider.getTreeItem(await row(label)).description);
  }
});
