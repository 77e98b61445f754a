import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { freeIds } from '../support/free-ids.ts';
import { ScriptLab } from '../support/script-lab.ts';

const cli = path.resolve('dist/cli.js');
let lab: ScriptLab | undefined;
afterEach(() => lab?.dispose());

function kvmlab(...words: readonly string[]) {
  const env = {
    ...process.env,
    KVMLAB_RUN_ROOT: lab!.runRoot,
    HOME: lab!.root,
    KVMLAB_ACCEL: 'tcg',
    STOP_SECONDS: '1',
  };
  const run = spawnSync(process.execPath, [cli, ...words], { env, cwd: path.dirname(lab!.folder), encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** What is planned, with what it costs, and what is remarked. */
function plan(): readonly string[] {
  const { steps, remarks } = JSON.parse(kvmlab('plan', 'held.lab.yaml', '--json').out) as {
    readonly steps: readonly { readonly kind: string; readonly words: string }[];
    readonly remarks: readonly string[];
  };
  return [...steps.map(({ kind, words }) => `${kind}: ${words}`), ...remarks];
}

test('hand edits of a running lab, its images and what cloud-init read are told from what the lab file changes', async () => {
  const [id, other] = await freeIds(2);
  const text = ({ cpus = 1, user = 'me', image = 'base' } = {}): string => `name: held
images: { base: { file: base.qcow2 }, other: { file: other.qcow2 } }
vms:
  web: { id: ${id}, memory: 32M, cpus: ${cpus}, extra: [-S], image: ${image}, cloud-init: { user: ${user} } }
  pc: { id: ${other} }
`;
  lab = new ScriptLab(readLab(text(), { fileName: 'held.lab.yaml' }).lab!);
  const script = path.join(lab.folder, 'web.sh');
  const file = path.join(lab.folder, '..', 'held.lab.yaml');
  const save = (of: Parameters<typeof text>[0]): void => writeFileSync(file, text(of));
  mkdirSync(path.dirname(file), { recursive: true });
  for (const name of ['base', 'other'])
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', path.join(path.dirname(file), `${name}.qcow2`), '8M']);
  rmSync(lab.folder, { recursive: true });
  save({});
  expect(kvmlab('start', 'held.lab.yaml', 'web')).toMatchObject({ code: 0 });
  expect(plan()).toEqual([]);

  writeFileSync(script, readFileSync(script, 'utf8').replace('RAM=32M', 'RAM=48M'));
  expect(plan()).toEqual(['restart: web: RAM 32M → 48M']);
  expect(kvmlab('restart', 'held.lab.yaml', 'web')).toMatchObject({ code: 0 });
  expect(plan()).toEqual([]);

  save({ cpus: 2 });
  expect(plan()).toEqual(['restart: web: CPUs 1 → 2']);
  expect(kvmlab('renew', '--check')).toMatchObject({ code: 1, err: 'web runs: CPUS counts after its next start.\n' });
  const renewed = kvmlab('renew');
  expect(renewed).toMatchObject({ code: 0, out: 'web.sh: CPUS 1 → 2; your change stays: RAM 32M → 48M\n' });
  expect(renewed.err).toMatch(/^web runs: CPUS counts after its next start\.$/m);
  expect(kvmlab('renew', '--check')).toMatchObject({ code: 0 });
  expect(plan()).toEqual(['restart: web: CPUs 1 → 2']);

  save({ user: 'you', image: 'other' });
  const news = [
    'restart: web: what cloud-init reads',
    expect.stringMatching(/^web goes on with its disk \S+, made from base\.qcow2 and not from other\.qcow2 as the lab/),
  ];
  expect(plan()).toEqual(news);
  // The seed is written, but what the VM has open is the one before.
  expect(kvmlab('script', 'held.lab.yaml')).toMatchObject({ code: 0 });
  expect(plan()).toEqual(news);
  expect(kvmlab('restart', 'held.lab.yaml', 'web')).toMatchObject({ code: 0 });
  expect(plan()).toEqual([news[1]]);

  writeFileSync(file, text({ user: 'you' }).replace(/ {2}pc: .*\n/, ''));
  expect(kvmlab('renew', '--check')).toMatchObject({ code: 1 });
  expect(kvmlab('renew').out).toContain('pc.sh: the lab file has it no more; delete it by hand, or with --delete-gone');
  expect(kvmlab('renew', '--check')).toMatchObject({ code: 1 });
  expect(kvmlab('renew', '--delete-gone').out).toContain('pc.sh: deleted, as the lab file has it no more');
  expect(kvmlab('renew', '--check')).toMatchObject({ code: 0 });
});
