import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { cliPath } from '../support/konnect-process.ts';
import { endAndRemove, processesThatMention } from '../support/own-processes.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

const secret = 'open-sesame-42';
const root = mkdtempSync(path.join(tmpdir(), 'kin-'));
const runRoot = path.join(root, 'run');
const disk = path.join(root, 'box.qcow2');

/** What the guest plays: an installer that asks, in the order that it is told, and writes to the disk. */
const installer = `
installer() {
echo "$1"; shift
for q in "$@"; do case $q in
name) printf 'Host name: '; read -r name;;
pass) printf 'Password: '; stty -echo; read -r pass; stty echo; echo;;
again) echo "You said $pass.";;
terms) printf 'Do you accept the terms? [y/N] '; read -r yes; [ "$yes" = y ] || return;;
odd) printf 'Favourite colour: '; read -r odd;;
esac; done
printf '%s' "$name" | dd of=/dev/vda conv=sync 2>/dev/null; sync
echo "Installed $name, \${#pass} letters."; }
`;

const script = `
description: An installer that asks
vars: { banner: Tiny OS 1, asks: name pass, name: web, password: { secret: true } }
timeout: 120s
steps:
  - { name: boot, expect: '/:~# $/', timeout: 5m }
  - send: |
${installer
  .trim()
  .split('\n')
  .map(line => `      ${line.replaceAll('${', () => '$${')}`)
  .join('\n')}
  - { expect: '/:~# $/', send: "installer '\${banner}' \${asks}" }
  - name: questions
    repeat: 6
    until: '/Installed (?<installed>\\w+), (?<letters>\\d+) letters/'
    timeout: 8s
    first-of:
      - { expect: '/^Host name: $/', send: '\${name}' }
      - { expect: '/^Password: $/', send: '\${password}' }
      - { expect: 'accept the terms? [y/N] ', send: y }
  - { expect: '/:~# $/', send: 'echo "\${installed}: \${letters}"' }
  - { expect: '/^\${installed}: \${letters}$/' }
`;

let env: NodeJS.ProcessEnv;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function kvmlab(...words: readonly string[]): Promise<Ended> {
  const running = promisify(execFile)(process.execPath, [cliPath, ...words], { cwd: root, env });
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    },
  );
}

/** What the disk begins with. */
async function written(): Promise<string> {
  const raw = path.join(root, 'look.raw');
  await promisify(execFile)('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', disk, raw]);
  return readFileSync(raw).subarray(0, 512).toString('latin1').replaceAll('\0', '');
}

/** Every file that was written, but the console's own log and what the test itself wrote. */
const filesWith = (text: string): readonly string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !/\.console\.log|vmlinuz|initrd/.test(entry.name))
    .map(entry => path.join(entry.parentPath, entry.name))
    .filter(file => statSync(file).size < 50_000_000 && readFileSync(file).includes(text));

beforeAll(async () => {
  symlinkSync(await tinyGuestDir(), path.join(root, 'guest'));
  const [id] = await freeIds(1);
  env = {
    ...process.env,
    KVMLAB_RUN_ROOT: runRoot,
    KVMLAB_ACCEL: 'tcg',
    KVMLAB_SECRET_PASSWORD: secret,
    STOP_SECONDS: '1',
  };
  writeFileSync(path.join(root, 'box.install.yaml'), script);
  const vm = `{ id: ${String(id)}, memory: 96M, guest: tiny, install: box.install.yaml, disks: { file: box.qcow2, size: 8M } }`;
  writeFileSync(path.join(root, 'one.lab.yaml'), `vms:\n  box: ${vm}\n`);
});

afterAll(() => endAndRemove(root));

describe('a guest that asks', () => {
  beforeAll(async () => {
    expect(await kvmlab('start', 'one.lab.yaml')).toMatchObject({ code: 0 });
  });

  afterAll(async () => {
    await kvmlab('kill', 'one.lab.yaml');
    rmSync(disk);
  });

  test.each([
    ['as it was', ['name=web']],
    ['with another banner', ['banner=*** UNREGISTERED 2.0 *** login: ']],
    ['in another order', ['asks=pass name']],
    ['something more that is known', ['asks=terms name terms pass', 'name=fw']],
  ])('%s, is answered', async (_, variables) => {
    const vars = variables.flatMap(one => ['--var', one]);
    const { code, out, err } = await kvmlab('tn-inst', 'box.install.yaml', 'box', '--connect', '120', ...vars);

    expect([code, code === 0 ? '' : err]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^(web|fw): ${secret.length}$`, 'm'));
    expect(err).toContain('box.install.yaml is done.');
  });

  test('takes the script that is shipped, also when it is played twice', async () => {
    const sample = path.resolve(import.meta.dirname, '../../extension/samples/firewall/page.install.yaml');
    for (const text of ['It is here', 'And here again']) {
      const { code, err } = await kvmlab('tn-inst', sample, 'box', '--var', `text=${text}`);
      expect([code, code === 0 ? '' : err]).toEqual([0, '']);
    }
  });

  test('is not installed while it runs', async () => {
    const { code, err } = await kvmlab('install', 'one.lab.yaml', 'box');

    expect([code, err]).toEqual([3, expect.stringContaining('box runs. Stop it before')]);
    expect(existsSync(`${disk}.installing`)).toBe(false);
  });

  test('something that nobody foresaw, stops at its step, with what was expected and what came', async () => {
    const { code, out } = await kvmlab('tn-inst', 'box.install.yaml', 'box', '--json', '--var', 'asks=name odd pass');
    const told = JSON.parse(out) as { lastLines: readonly string[] };

    expect(code).toBe(1);
    const line = script.split('\n').indexOf('  - name: questions') + 1;
    expect(told).toMatchObject({
      outcome: 'stuck',
      line,
      does: expect.stringContaining('questions: repeat until') as string,
    });
    expect(told).toMatchObject({ expected: expect.arrayContaining(['/^Password: $/']) as string[] });
    expect(told.lastLines.at(-1)).toBe('Favourite colour:');
    // Whoever has the console goes on by hand; here it is left to the next one.
    expect(await kvmlab('konnect', 'box', '--send', '\\x03', '--expect', ':~# $')).toMatchObject({ code: 0 });
  });

  test('and prints a secret is told of; the secret is in no output, transcript or process list', async () => {
    const words = ['--var', 'asks=name pass again', '--transcript', 'log.txt'];
    const running = kvmlab('tn-inst', 'box.install.yaml', 'box', ...words);
    const seen = processesThatMention(secret);
    const { code, out, err } = await running;

    expect([code, seen]).toEqual([0, []]);
    expect(out).toContain('You said •••.');
    expect(err).toContain('The guest has printed a secret.');
    expect(readFileSync(path.join(root, 'log.txt'), 'utf8')).toContain('You said •••.');
    expect(out + err).not.toContain(secret);
    expect(filesWith(secret)).toEqual([]);
  });
});

describe('kvmlab install', () => {
  const install = (...words: readonly string[]): Promise<Ended> => kvmlab('install', 'one.lab.yaml', 'box', ...words);
  const files = (): readonly string[] => readdirSync(root).filter(name => name.startsWith('box.qcow2'));

  test('writes the disk when the script comes to its end, and the VM has ended then', async () => {
    expect(await install('--var', 'name=first')).toMatchObject({ code: 0 });

    expect([await written(), files()]).toEqual(['first', ['box.qcow2']]);
    expect(processesThatMention(runRoot)).toEqual([]);
  });

  test('does not do it again before it is told to; a script that fails leaves the disk as it was', async () => {
    const { code, err } = await install();
    expect([code, err]).toEqual([3, expect.stringContaining('box is installed, by box.install.yaml')]);

    const before = readFileSync(disk);
    const failed = await install('--again', '--var', 'asks=odd');
    expect([failed.code, files()]).toEqual([1, ['box.qcow2']]);
    expect(failed.err).toContain('The disk of box is as it was.');
    expect(readFileSync(disk).equals(before)).toBe(true);
    expect(processesThatMention(runRoot)).toEqual([]);
  });

  test('again, it goes on from what is there', async () => {
    expect(await install('--again', '--var', 'name=second')).toMatchObject({ code: 0 });

    expect([await written(), files()]).toEqual(['second', ['box.qcow2']]);
    expect(await install()).toMatchObject({ code: 3 });
  });
});
