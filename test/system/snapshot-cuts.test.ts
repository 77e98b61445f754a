import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GuestConsole } from '../support/guest-console.ts';
import { commandLine, killIfAlive, processesThatMention } from '../support/own-processes.ts';
import { SampleLab } from '../support/sample-lab.ts';
import type { ScriptRun } from '../support/script-lab.ts';
import { until } from '../support/vscode/until.ts';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
let lab: SampleLab;
let web: GuestConsole;

/** One VM with a disk, which counts, on a switch that leads outside. */
const labText = (id: number): string => `name: firewall
switches: { lan: { slirp: {} } }
vms:
  web:
    id: ${id}
    guest: tiny
    memory: 96M
    nics: [{ switch: lan }]
    disks: [{ file: web.qcow2, size: 64M }]
`;

beforeAll(async () => {
  lab = await SampleLab.open('firewall');
  writeFileSync(lab.file, labText(lab.ids.get('web') ?? 0));
  await done('start');
  web = await lab.console('web');
  await web.run("sh -c '{ n=0; while :; do n=$((n+1)); echo $n > /tmp/n; sleep 0.1; done; } &'");
  await web.run('echo then > /dev/vda; sync');
});
afterAll(() => lab.dispose());

/** Runs a command that has to succeed. */
async function done(...words: readonly string[]): Promise<string> {
  const { code, output } = await lab.kvmlab(...words);
  expect(code, output).toBe(0);
  return output;
}

/** Kills a command at a share of the time that it took before, as it can be killed at any time. */
async function cut(share: number, usualMs: number, words: readonly string[]): Promise<ScriptRun> {
  const { pid, done: ended } = lab.begin(...words);
  const timer = setTimeout(() => killIfAlive(pid), share * usualMs);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}

/** Scripts that were started by somebody who was killed go on to their end. */
const nobodyAtWork = (): Promise<true> =>
  until('scripts to end', () =>
    Promise.resolve(
      processesThatMention(lab.root).every(pid => /^$|^[^\0]*(qemu-system|vde_|slirp)/.test(commandLine(pid))),
    ),
  );

/** Gives the milliseconds that it took. */
async function timed(...words: readonly string[]): Promise<number> {
  const before = performance.now();
  await done(...words);
  return performance.now() - before;
}

const folder = (): string => path.join(path.dirname(lab.file), 'firewall/snapshots');
const points = async (): Promise<readonly string[]> => {
  const { output } = await lab.kvmlab('snapshot', 'list', '--json');
  const { snapshots } = JSON.parse(output.slice(output.indexOf('{'))) as {
    readonly snapshots: readonly { readonly name: string }[];
  };
  return snapshots.map(({ name }) => name).sort();
};

/** Names of the states that the disk keeps, but not those that people made. */
function statesInDisk(): readonly string[] {
  const disk = path.join(path.dirname(lab.file), 'web.qcow2');
  const text = execFileSync('qemu-img', ['info', '-U', '--output=json', '-f', 'qcow2', '--', disk], {
    encoding: 'utf8',
  });
  const { snapshots = [] } = JSON.parse(text) as { readonly snapshots?: readonly { readonly name: string }[] };
  return snapshots.map(({ name }) => name.replace(/^lab\./, '')).sort();
}

/** The sum of what a guest sees of it. */
function contentOfDisk(): string {
  const raw = path.join(lab.root, 'content');
  const disk = path.join(path.dirname(lab.file), 'web.qcow2');
  execFileSync('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', disk, raw]);
  const sum = createHash('sha256').update(readFileSync(raw)).digest('hex');
  rmSync(raw);
  return sum;
}

const counted = async (): Promise<number> => Number((await web.run('cat /tmp/n')).output);

/** There is no half point, and the disk keeps a state for each whole one and no other. */
async function expectWholePoints(): Promise<void> {
  const whole = await points();
  const names = readdirSync(folder()).filter(name => !['.lock', 'current'].includes(name));
  expect(names.sort()).toEqual(whole);
  expect(statesInDisk()).toEqual(whole);
}

/** The guest runs as well. */
async function expectWhole(): Promise<void> {
  await expectWholePoints();
  const before = await counted();
  await until('the guest to go on', async () => (await counted()) > before);
}

describe('a command that is killed in the middle', () => {
  test('of a save leaves VMs that go on and no half point, once the next one has looked', async () => {
    const usual = await timed('snapshot', 'save', 'first');
    for (const [at, share] of [0.4, 0.55, 0.7, 0.8, 0.9].entries()) {
      await cut(share, usual, ['snapshot', 'save', `cut-${at}`]);
      await expectWhole();
    }
  });

  test('of an export leaves nothing beside the points, and the next one packs all', async () => {
    const archive = path.join(lab.root, 'first.tar');
    const usual = await timed('snapshot', 'export', 'first', archive);
    for (const share of [0.6, 0.8, 0.95]) {
      rmSync(archive);
      await cut(share, usual, ['snapshot', 'export', 'first', archive]);
      await expectWhole();
      if (!existsSync(archive)) await done('snapshot', 'export', 'first', archive);
      expect(readdirSync(lab.root).filter(name => name.endsWith('.part'))).toEqual([]);
    }
  });

  test('of an import leaves no folder, or a whole one', async () => {
    const archive = path.join(lab.root, 'first.tar');
    const target = path.join(lab.root, 'copy');
    const words = ['snapshot', 'import', archive, target];
    const usual = await timed(...words);
    const whole = readdirSync(target, { recursive: true }).map(String).sort();
    for (const share of [0.5, 0.75, 0.95]) {
      rmSync(target, { recursive: true });
      await cut(share, usual, words);
      if (!existsSync(target)) await done(...words);
      expect(readdirSync(target, { recursive: true }).map(String).sort()).toEqual(whole);
    }
    expect(readdirSync(lab.root).filter(name => name.endsWith('.importing'))).toEqual([]);
  });

  test('of a delete leaves the point whole or gone, also in the disk', async () => {
    for (const [at, share] of [0.6, 0.8, 0.9].entries()) {
      const usual = await timed('snapshot', 'save', `gone-${at}`);
      await cut(share, usual, ['snapshot', 'delete', `gone-${at}`]);
      await expectWhole();
    }
  });

  test('of a restore is named by the next one, and a restore brings all back', async () => {
    await web.run('echo later > /dev/vda; sync');
    web.close();
    const usual = await timed('snapshot', 'restore', 'first');
    // What is left of a command that is killed at a moment that is hard to hit: while it writes down where the lab is.
    writeFileSync(path.join(folder(), '.current.0123456789ab.tmp'), '');
    for (const share of [0.45, 0.6, 0.75, 0.9]) {
      await cut(share, usual, ['snapshot', 'restore', 'first']);
      await nobodyAtWork();
      if (existsSync(path.join(folder(), 'restoring'))) {
        expect((await lab.kvmlab('snapshot', 'list')).output).toContain('A restore of first was cut off');
        expect(await lab.kvmlab('snapshot', 'save', 'never')).toMatchObject({
          code: 1,
          output: expect.stringContaining('Restore first or another snapshot first. Nothing was done.') as string,
        });
      }
      await done('snapshot', 'restore', 'first');
    }
    web = await lab.console('web');
    expect((await web.run('head -c 4 /dev/vda')).output).toBe('then');
    await expectWhole();
  });

  test('of an import into the lab leaves its disk as it was, and a whole point or none', async () => {
    const words = ['snapshot', 'import', path.join(lab.root, 'first.tar'), lab.file, '--as'];
    web.close();
    await done('kill');
    const [beside, content] = [readdirSync(path.dirname(lab.file)).sort(), contentOfDisk()];
    const usual = await timed(...words, 'again');
    for (const [at, share] of [0.35, 0.5, 0.65, 0.8, 0.95].entries()) {
      await cut(share, usual, [...words, `in-${at}`]);
      await expectWholePoints();
      expect(readdirSync(path.dirname(lab.file)).sort()).toEqual(beside);
      expect(contentOfDisk()).toBe(content);
    }
    await done('snapshot', 'restore', 'again');
    web = await lab.console('web');
    expect((await web.run('head -c 4 /dev/vda')).output).toBe('then');
    await expectWhole();
  });
});

describe('a disk that is full', () => {
  /** Runs kvmlab where `full` is a disk of a few megabytes, which only it sees. */
  function withFullDisk(
    full: string,
    ...words: readonly string[]
  ): { readonly code: number | null; readonly output: string } {
    const mount = 'mount -t tmpfs -o size=4m none "$1" && [ ! -d "$2" ] || cp -r "$2/." "$1"; shift 2; exec "$@"';
    const program = [process.execPath, path.join(project, 'dist/cli.js'), ...words];
    const run = spawnSync('unshare', ['-m', 'sh', '-c', mount, 'sh', full, `${full}.now`, ...program], {
      cwd: path.dirname(lab.file),
      env: lab.environment,
      encoding: 'utf8',
    });
    return { code: run.status, output: run.stdout + run.stderr };
  }

  test('is what a save says, and VMs go on with nothing lost', async () => {
    const before = await points();

    const { code, output } = withFullDisk(folder(), 'snapshot', 'save', 'big');

    expect(code).toBe(1);
    expect(output).toContain('no space left on device');
    expect(await points()).toEqual(before);
    await expectWhole();
  });

  test('is what an import and an export say, and they leave nothing', () => {
    const full = path.join(lab.root, 'full');
    mkdirSync(full);

    const imported = withFullDisk(full, 'snapshot', 'import', path.join(lab.root, 'first.tar'), `${full}/lab`);
    const exported = withFullDisk(full, 'snapshot', 'export', 'first', `${full}/first.tar`);

    expect(imported).toMatchObject({ code: 1, output: expect.stringMatching(/only .* are free in/) as string });
    expect(exported).toMatchObject({ code: 1, output: expect.stringContaining('no space left on device') as string });
    expect(readdirSync(folder()).filter(name => name.endsWith('.export'))).toEqual([]);
  });
});

test('a disk that cannot keep a state is named before any VM stands still', async () => {
  const text = readFileSync(lab.file, 'utf8');
  writeFileSync(path.join(path.dirname(lab.file), 'more.raw'), Buffer.alloc(1 << 20));
  writeFileSync(lab.file, text.replace('disks: [', 'disks: [{ file: more.raw }, '));
  const before = statSync(folder()).mtimeMs;

  const { code, output } = await lab.kvmlab('snapshot', 'save', 'raw');

  expect(code).toBe(1);
  expect(output).toMatch(/raw: more.raw of web. Nothing was done./);
  expect(output).not.toContain('Keeping');
  expect(statSync(folder()).mtimeMs).toBe(before);
  writeFileSync(lab.file, text);
  await expectWhole();
});

test('what leads outside is said, as no snapshot can keep it', async () => {
  expect(await done('snapshot', 'save', 'last')).toContain('Connections to the outside (over the way outside of lan)');
});
