import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const cli = path.resolve('dist/cli.js');
let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'kl-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function run(program: string, ...words: readonly string[]) {
  const env = {
    ...{ PATH: process.env['PATH'], HOME: root, KVMLAB_RUN_ROOT: path.join(root, 'run'), KVMLAB_ACCEL: 'tcg' },
    KVMLAB_SETTINGS: JSON.stringify({ 'defaults.memory': '300M', 'defaults.cpus': 3 }),
  };
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: root, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const kvmlab = (...words: readonly string[]) => run(process.execPath, cli, ...words);

test('hostile lines of ~/.kvmscript and of imported scripts are read by kvmlab and run by nobody', () => {
  const canary = path.join(root, 'canary');
  const attacks = [
    `RAM=$(touch ${canary})`,
    `CPUS=\`touch ${canary}\``,
    `touch ${canary}`,
    `source ${root}/evil`,
    `. ${root}/evil`,
    `ACCEL="$(touch ${canary})"`,
    `x=1 touch ${canary}`,
    `trap 'touch ${canary}' EXIT`,
    `MAC_PREFIX=\${x:-$(touch ${canary})}`,
    `cat <<END\n$(touch ${canary})\nEND`,
    `NIC_MODEL='e1000'\nVNC="yes"; touch ${canary}`,
    `PATH=${root}:$PATH`,
  ];
  writeFileSync(path.join(root, 'evil'), `touch ${canary}\n`);
  writeFileSync(path.join(root, '.kvmscript'), `${attacks.join('\n')}\n`);
  writeFileSync(
    path.join(root, 'x.lab.yaml'),
    'switches: { lan: {} }\nvms: { pc: { id: 7, nics: [{ switch: lan }] } }\n',
  );
  writeFileSync(
    path.join(root, 'start.sh'),
    `${attacks.join('\n')}\nqemu-system-x86_64 -m $RAM -name "$(touch ${canary})"\n`,
  );

  const explained = kvmlab('explain', 'pc');
  const written = kvmlab('script');
  const command = run(path.join(root, 'x/pc.sh'), 'command');
  const imported = kvmlab('import', 'vm', 'start.sh', '-o', 'y.lab.yaml');

  expect([explained.status, written.status, command.status, imported.status]).toEqual([0, 0, 0, 0]);
  expect(explained.stdout).toContain('nics.1.model: e1000, from ~/.kvmscript line 13\n');
  expect(explained.stdout).toContain('memory: 300M, from the setting kvmlab.defaults.memory\n');
  expect(explained.stderr.match(/~\/\.kvmscript:\d+: warning: /g)?.length).toBeGreaterThan(8);
  expect(command.stdout).toMatch(/ -m 300M -smp 3 .*e1000/);
  expect(imported.stderr).toContain('only a shell can tell');
  expect(readFileSync(path.join(root, 'y.lab.yaml'), 'utf8')).toContain('memory: 128M');
  expect(existsSync(canary)).toBe(false);
});

test('what the command verb of a script prints is imported as the same VM', () => {
  const lab =
    'switches: { lan: {}, dmz: {} }\nvms:\n  fw:\n    id: 31\n    memory: 512M\n    cpus: 2\n' +
    `    disks: ["it's a,b.qcow2"]\n    boot: [network]\n    nics: [{ switch: lan }, { switch: dmz, model: e1000 }]\n`;
  writeFileSync(path.join(root, 'a.lab.yaml'), lab);
  writeFileSync(path.join(root, "it's a,b.qcow2"), '');
  expect(kvmlab('script', 'a.lab.yaml').status).toBe(0);
  const before = run(path.join(root, 'a/fw.sh'), 'command');
  writeFileSync(path.join(root, 'line'), before.stdout);
  // Its ID is free for another lab then.
  rmSync(path.join(root, 'a.lab.yaml'));

  const imported = kvmlab('import', 'vm', 'line', '-o', 'b/b.lab.yaml');
  expect(kvmlab('script', 'b/b.lab.yaml').status).toBe(0);
  const after = run(path.join(root, 'b/b/fw.sh'), 'command');

  expect(imported.stderr).not.toContain('not carried over');
  expect(after.stdout.replaceAll('/run/b/', '/run/a/')).toBe(before.stdout);
});
