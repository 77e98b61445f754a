import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CancelSource } from '../../extension/base/cancel.ts';
import { NodeFiles } from '../../extension/host/files.ts';
import { HttpImageDownloads } from '../../extension/host/image-downloads.ts';
import { LocalImageFiles } from '../../extension/host/image-files.ts';
import { QemuImageTool } from '../../extension/host/image-tool.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { ImageActions } from '../../extension/runtime/images/image-actions.ts';
import { readChain } from '../../extension/runtime/images/image-chain.ts';
import { SocketQmpDialer } from '../../extension/host/qmp-dialer.ts';
import { monitorCommand } from '../../extension/qemu/qmp-queries.ts';
import { freeIds } from '../support/free-ids.ts';
import { ScriptLab } from '../support/script-lab.ts';

/** The real qemu-img and QEMU on images in a folder of their own. */
const images = new LocalImageFiles();
const actions = new ImageActions({
  ...{
    images,
    files: new NodeFiles(),
    tool: new QemuImageTool(),
    downloads: new HttpImageDownloads({ files: images, fetch }),
  },
});

const qmp = new SocketQmpDialer();

let folder: string;
const labs: ScriptLab[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kl-'));
});
afterEach(() => {
  for (const lab of labs.splice(0)) lab.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => path.join(folder, name);
const qcow2 = (name: string) => ({ path: at(name), format: 'qcow2' }) as const;
const qemuIo = (file: string, ...commands: readonly string[]): string =>
  execFileSync('qemu-io', ['-f', 'qcow2', ...commands.flatMap(one => ['-c', one]), file], { encoding: 'utf8' });
/** Whether a guest sees the same in both. */
const areSame = (a: string, b: string): boolean => {
  execFileSync('qemu-img', ['compare', '-U', '-f', 'qcow2', '-F', 'qcow2', a, b]);
  return true;
};
const sumOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('an image', () => {
  test('is made whole, over a base too, and its header is read as qemu-img wrote it', async () => {
    await actions.create(qcow2('base, with comma.qcow2'), '64M');
    await actions.create(qcow2('sub/over.qcow2'), undefined, qcow2('base, with comma.qcow2'));

    const { links, problem } = await readChain(at('sub/over.qcow2'), 'qcow2', images);

    expect([links.map(link => path.basename(link.path)), problem]).toEqual([
      ['over.qcow2', 'base, with comma.qcow2'],
      undefined,
    ]);
    expect(links.map(({ facts }) => facts.kind !== 'broken' && facts.virtualSize)).toEqual([64 << 20, 64 << 20]);
    await expect(actions.create(qcow2('sub/over.qcow2'), '1M')).rejects.toThrow('is there already');
    expect(readdirSync(folder).sort()).toEqual(['base, with comma.qcow2', 'sub']);
  });

  test('is smaller after compacting and holds the same, over its base too', async () => {
    await actions.create(qcow2('base.qcow2'), '64M');
    qemuIo(at('base.qcow2'), 'write -P 1 0 8M');
    await actions.create(qcow2('over.qcow2'), undefined, qcow2('base.qcow2'));
    qemuIo(at('over.qcow2'), 'write -P 2 1M 16M', 'write -z 4M 12M', 'write -P 3 40M 1M');
    execFileSync('cp', [at('over.qcow2'), at('copy.qcow2')]);

    const shares: number[] = [];
    const { before, after } = await actions.compact(qcow2('over.qcow2'), { onProgress: share => shares.push(share) });

    expect(after).toBeLessThan(before / 2);
    expect(areSame(at('over.qcow2'), at('copy.qcow2'))).toBe(true);
    expect((await readChain(at('over.qcow2'), 'qcow2', images)).links.map(link => link.path)).toEqual([
      at('over.qcow2'),
      at('base.qcow2'),
    ]);
    expect(shares.at(-1)).toBe(100);
  });

  test('is as it was when compacting is called off', async () => {
    await actions.create(qcow2('a.qcow2'), '64M');
    qemuIo(at('a.qcow2'), 'write -P 2 0 32M');
    const before = sumOf(at('a.qcow2'));
    const cancel = new CancelSource();
    cancel.cancel();

    await expect(actions.compact(qcow2('a.qcow2'), { signal: cancel.signal })).rejects.toThrow('called off');

    expect([sumOf(at('a.qcow2')), readdirSync(folder)]).toEqual([before, ['a.qcow2']]);
  });

  test('looks the same over another base, and over none', async () => {
    await actions.create(qcow2('one.qcow2'), '32M');
    await actions.create(qcow2('two.qcow2'), '32M');
    qemuIo(at('one.qcow2'), 'write -P 1 0 8M');
    qemuIo(at('two.qcow2'), 'write -P 2 4M 8M');
    await actions.create(qcow2('over.qcow2'), undefined, qcow2('one.qcow2'));
    qemuIo(at('over.qcow2'), 'write -P 3 2M 1M');
    execFileSync('qemu-img', ['convert', '-f', 'qcow2', '-O', 'qcow2', at('over.qcow2'), at('copy.qcow2')]);

    await actions.rebase(at('over.qcow2'), qcow2('two.qcow2'));
    expect(areSame(at('over.qcow2'), at('copy.qcow2'))).toBe(true);
    await actions.rebase(at('over.qcow2'), undefined);

    expect(areSame(at('over.qcow2'), at('copy.qcow2'))).toBe(true);
    expect((await readChain(at('over.qcow2'), 'qcow2', images)).links).toHaveLength(1);
  });

  test('keeps snapshots, goes back to them and forgets them', async () => {
    await actions.create(qcow2('a,b.qcow2'), '16M');
    qemuIo(at('a,b.qcow2'), 'write -P 1 0 1M');
    await actions.snapshot('create', at('a,b.qcow2'), 'before the update');
    qemuIo(at('a,b.qcow2'), 'write -P 2 0 1M');

    await actions.snapshot('restore', at('a,b.qcow2'), 'before the update');

    expect(qemuIo(at('a,b.qcow2'), 'read -P 1 0 1M')).not.toContain('verification failed');
    expect((await actions.snapshots(at('a,b.qcow2'))).map(({ name }) => name)).toEqual(['before the update']);
    await expect(actions.compact(qcow2('a,b.qcow2'))).rejects.toThrow('has snapshots');
    await actions.snapshot('delete', at('a,b.qcow2'), 'before the update');
    expect(await actions.snapshots(at('a,b.qcow2'))).toEqual([]);
  });

  test('takes the state of another one beside its own, over a base, and a guest sees nothing of it', async () => {
    await actions.create(qcow2('base.qcow2'), '16M');
    qemuIo(at('base.qcow2'), 'write -P 1 0 4M');
    await actions.create(qcow2('over.qcow2'), undefined, qcow2('base.qcow2'));
    await actions.snapshot('create', at('over.qcow2'), 'own');
    qemuIo(at('over.qcow2'), 'write -P 2 1M 1M');
    await actions.create(qcow2('lone.qcow2'), '16M');
    qemuIo(at('lone.qcow2'), 'write -P 3 2M 1M');
    execFileSync('cp', [at('over.qcow2'), at('copy.qcow2')]);

    await actions.addState(at('over.qcow2'), 'lab.then', at('lone.qcow2'));

    expect(areSame(at('over.qcow2'), at('copy.qcow2'))).toBe(true);
    expect((await actions.snapshots(at('over.qcow2'))).map(({ name }) => name)).toEqual(['own', 'lab.then']);
    await actions.copyState(at('over.qcow2'), 'lab.then', at('then.qcow2'));
    expect(areSame(at('then.qcow2'), at('lone.qcow2'))).toBe(true);
    expect(execFileSync('qemu-img', ['check', '-f', 'qcow2', at('over.qcow2')], { encoding: 'utf8' })).toContain(
      'No errors',
    );
    await actions.snapshot('restore', at('over.qcow2'), 'own');
    expect(areSame(at('over.qcow2'), at('base.qcow2'))).toBe(true);
  });

  test('takes no state of another size, none twice, and none when it is called off', async () => {
    await actions.create(qcow2('a.qcow2'), '16M');
    await actions.create(qcow2('b.qcow2'), '16M');
    await actions.create(qcow2('large.qcow2'), '17M');
    const before = sumOf(at('a.qcow2'));
    const cancel = new CancelSource();
    cancel.cancel();

    await expect(actions.addState(at('a.qcow2'), 'then', at('large.qcow2'))).rejects.toThrow('does not have the size');
    const { signal } = cancel;
    await expect(actions.addState(at('a.qcow2'), 'then', at('b.qcow2'), { signal })).rejects.toThrow('called off');

    expect([sumOf(at('a.qcow2')), readdirSync(folder)]).toEqual([before, ['a.qcow2', 'b.qcow2', 'large.qcow2']]);
    await actions.addState(at('a.qcow2'), 'then', at('b.qcow2'));
    await expect(actions.addState(at('a.qcow2'), 'then', at('b.qcow2'))).rejects.toThrow('has a snapshot then already');
  });
});

describe('VMs over one image', () => {
  let ids: readonly number[];
  beforeAll(async () => {
    ids = await freeIds(2);
  });

  function open(keys = ''): ScriptLab {
    const vm = (name: string, id: number | undefined): string =>
      `  ${name}: { id: ${id}, memory: 32M, image: base, extra: [-S] }\n`;
    const image = `images:\n  base: { file: "my images/base.qcow2"${keys} }\n`;
    const { lab } = readLab(`${image}vms:\n${vm('a', ids[0])}${vm('b', ids[1])}`, { fileName: 'two.lab.yaml' });
    const one = new ScriptLab(lab!);
    labs.push(one);
    mkdirSync(path.join(one.root, 'labs', 'my images'));
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', baseOf(one), '16M']);
    qemuIo(baseOf(one), 'write -P 7 0 1M');
    return one;
  }
  const baseOf = (lab: ScriptLab): string => path.join(lab.root, 'labs', 'my images', 'base.qcow2');
  const overlay = (lab: ScriptLab, vm: string): string => path.join(lab.folder, 'disks', `${vm}.qcow2`);
  /** Has the VM itself write to its first disk. */
  const write = async (lab: ScriptLab, vm: string): Promise<void> => {
    for (const order of ['write -P 9 0 64k', 'flush'])
      await qmp.ask(path.join(lab.run, `${vm}.qmp`), monitorCommand(`qemu-io disk0 "${order}"`));
  };

  test('write into disks of their own: the image keeps every byte', async () => {
    const lab = open();
    const before = sumOf(baseOf(lab));

    const runs = await Promise.all(['a', 'b'].map(vm => lab.script(`${vm}.sh`, 'start')));
    await write(lab, 'a');
    await write(lab, 'b');
    await Promise.all(['a', 'b'].map(vm => lab.script(`${vm}.sh`, 'kill')));

    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(sumOf(baseOf(lab))).toBe(before);
    for (const vm of ['a', 'b']) {
      const { links, problem } = await readChain(overlay(lab, vm), 'qcow2', images);
      expect([links.map(link => link.path), problem]).toEqual([[overlay(lab, vm), baseOf(lab)], undefined]);
      expect(qemuIo(overlay(lab, vm), 'read -P 9 0 64k')).not.toContain('failed');
    }
    const again = await lab.script('a.sh', 'start');
    expect([again.code, again.output]).toEqual([0, expect.not.stringContaining('Making')]);
  });

  test('keep their images from being changed while they run', async () => {
    const lab = open();
    await lab.script('a.sh', 'start');

    for (const file of [overlay(lab, 'a'), baseOf(lab)]) {
      await expect(actions.compact({ path: file, format: 'qcow2' })).rejects.toThrow('is in use');
      await expect(actions.snapshot('create', file, 'x')).rejects.toThrow('is in use');
    }
    await expect(actions.rebase(overlay(lab, 'a'), undefined)).rejects.toThrow('is in use');
    expect(readdirSync(path.dirname(overlay(lab, 'a')))).toEqual(['a.qcow2']);
  });

  test('do not start from an image of another sum, or from one that is not there', async () => {
    const lab = open(`, sha256: ${'ab'.repeat(32)}`);
    const wrong = await lab.script('a.sh', 'start');
    rmSync(baseOf(lab));
    const gone = await lab.script('b.sh', 'start');

    expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining('is not the one that the lab names')]);
    expect([gone.code, gone.output]).toEqual([1, expect.stringContaining('base.qcow2 is not there')]);
    expect(readdirSync(lab.folder)).not.toContain('disks');
  });

  test('tell what to do when their image is not fetched yet', async () => {
    const text = `images: { far: { url: https://example.org/a.qcow2, sha256: ${'ab'.repeat(32)} } }\nvms: { a: { id: ${ids[0]}, image: far } }\n`;
    const lab = new ScriptLab(readLab(text, { fileName: 'far.lab.yaml' }).lab!);
    labs.push(lab);

    const run = await lab.script('a.sh', 'start');

    const file = path.join(lab.root, 'labs', 'far.lab.yaml');
    expect([run.code, run.output]).toEqual([1, expect.stringContaining(`kvmlab image fetch ${file} a`)]);
  });

  test('go on with their disks, and say so, when the lab names another image', async () => {
    const lab = open();
    await lab.script('a.sh', 'start');
    await lab.script('a.sh', 'kill');
    writeFileSync(path.join(lab.root, 'other.qcow2'), '');

    const run = await lab.script('a.sh', 'start', `IMAGE=${path.join(lab.root, 'other.qcow2')}`);

    expect([run.code, run.output]).toEqual([0, expect.stringContaining('was made from another image')]);
    expect(statSync(overlay(lab, 'a')).size).toBeGreaterThan(0);
  });
});
