import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Vm } from '../../../extension/lab/model.ts';
import { renderLab } from '../../../extension/script/render-lab.ts';
import { vmArguments } from '../../../extension/script/vm-steps.ts';
import { lab as aLab, nic as aNic, networkSwitch as aSwitch, vm as aVm } from '../../support/lab-builder.ts';

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'kl-')));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let counter = 0;

/** Writes the scripts of a one-VM lab into a folder of any name, and asks the VM's script for its command in real Bash. */
function askBash(
  vm: Vm,
  folder: string,
): { readonly got: readonly string[]; readonly labFolder: string; readonly run: string } {
  const labFolder = path.join(root, String(counter++), folder);
  const scripts = path.join(labFolder, 'test');
  mkdirSync(scripts, { recursive: true });
  const lab = aLab({ name: 'test', vms: [vm], switches: [aSwitch('lan')] });
  for (const { name, text } of renderLab(lab, { source: 'test.lab.yaml', base: '..' })) {
    writeFileSync(path.join(scripts, name), text, { mode: 0o755 });
  }
  const runRoot = path.join(root, 'run,$(x) dir');
  const read = 'eval "words=($("$1" command))"; printf "%s\\0" "${words[@]}"';
  const output = execFileSync('bash', ['-c', read, 'bash', path.join(scripts, `${vm.name}.sh`)], {
    env: {
      PATH: process.env['PATH'],
      HOME: '/home/some body',
      KVMLAB_RUN_ROOT: runRoot,
      KVMLAB_ACCEL: 'tcg',
      XDG_DATA_HOME: '/data',
    },
  }).toString();
  return { got: output.split('\0').slice(0, -1), labFolder, run: path.join(runRoot, 'test') };
}

function expected(vm: Vm, { labFolder, run }: { labFolder: string; run: string }): readonly string[] {
  const around = { run, labFolder, home: '/home/some body', accel: 'tcg', guestFolder: '/data/kvmlab/guest' } as const;
  return vmArguments(vm, vm.id ?? 0, around);
}

const nasty = fc
  .oneof(
    fc.constantFrom(
      '',
      '-device',
      '--',
      "it's",
      '"',
      '$(touch /tmp/kvmlab-pwned)',
      '`id`',
      '$HOME',
      '\\',
      'a\nb',
      '\n',
      '*',
      '~',
      '{a,b}',
      'ü☃',
      '!!',
      '#x',
      'a=b',
      '[0]=x',
      ';',
      '\t',
      '%s',
      '\r',
    ),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: 'binary', maxLength: 12 }),
  )
  .map(word => word.replaceAll('\0', '').toWellFormed());
const nastyPath = nasty.map(word => word.replaceAll('\n', ' ')).filter(word => word !== '');

test('whatever is in a VM, the command verb gives exactly the arguments that were planned', () => {
  fc.assert(
    fc.property(
      fc.record({
        extra: fc.array(nasty, { maxLength: 5 }),
        append: nasty,
        disk: nastyPath,
        cdrom: nasty,
        kernel: nasty,
        vnc: fc.boolean(),
        boot: fc.subarray(['disk', 'cdrom', 'network'] as const),
      }),
      ({ disk, ...rest }) => {
        const disks = [{ file: disk, format: 'qcow2', size: undefined }] as const;
        const vm = aVm('web', 32, { ...rest, disks, nics: [aNic(1, 'lan', { port: 2 })] });

        const { got, ...where } = askBash(vm, 'lab');

        expect(got).toEqual(expected(vm, where));
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  'with space',
  "quo'te",
  'dollar$(id)',
  'back`id`tick',
  '-dash',
  'comma,two',
  'ünï☃',
  'dou"ble',
  'back\\slash',
  'glob*',
])('a lab in a folder called %s gives exactly the arguments that were planned', folder => {
  const vm = aVm('web', 32, { cdrom: 'x.iso', nics: [aNic(1, 'lan', { port: 2 })] });

  const { got, ...where } = askBash(vm, folder);

  expect(got).toEqual(expected(vm, where));
});

test('the tiny guest of the user is taken when there is none beside the lab file', () => {
  const vm = aVm('pc', 31, { isTinyGuest: true, nics: [aNic(1, 'lan', { port: 2, addresses: ['10.0.0.1/24'] })] });

  const { got, ...where } = askBash(vm, 'lab');

  expect(got).toEqual(expected(vm, where));
  expect(got).toContain('/data/kvmlab/guest/vmlinuz');
});

test('VAR=value on the command line beats the settings block, for known settings only', () => {
  const scripts = path.join(root, 'override', 'test');
  mkdirSync(scripts, { recursive: true });
  for (const { name, text } of renderLab(aLab({ name: 'test', vms: [aVm('web', 32)] }), { source: 'x', base: '..' })) {
    writeFileSync(path.join(scripts, name), text, { mode: 0o755 });
  }
  const env = { PATH: process.env['PATH'], HOME: '/', KVMLAB_RUN_ROOT: path.join(root, 'run') };
  const run = (...words: string[]): string =>
    execFileSync(path.join(scripts, 'web.sh'), words, { env, stdio: 'pipe' }).toString();

  expect(run('command', 'RAM=1G', 'ACCEL=tcg')).toContain(' -m 1G ');
  expect(run('ACCEL=tcg', 'command')).toContain(' -m 256M ');
  expect(() => run('command', 'PATH=/nowhere')).toThrow(/no setting for PATH/);
});
