import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Vm } from '../../../extension/lab/model.ts';
import { renderLab } from '../../../extension/script/render-lab.ts';
import { renewScript } from '../../../extension/script/renew/renew-script.ts';
import { vmArguments } from '../../../extension/script/vm-steps.ts';
import { lab as aLab, networkSwitch as aSwitch, nic as aNic, vm as aVm } from '../../support/lab-builder.ts';
import { ScriptLab } from '../../support/script-lab.ts';

const labOf = (vm: Vm) => aLab({ name: 'dmz', switches: [aSwitch('lan')], vms: [vm] });

let scripts: ScriptLab | undefined;
afterEach(() => scripts?.dispose());

test('Bash makes of a renewed script exactly what was merged', async () => {
  scripts = new ScriptLab(labOf(aVm('fw', 31, { nics: [aNic(1, 'lan')] })));
  const file = path.join(scripts.folder, 'fw.sh');
  const mine = readFileSync(file, 'utf8')
    .replace('CPUS=1', "MINE=$((1 + 1))\nCPUS='3' # it's mine")
    .replace('EXTRA=()', () => "EXTRA=(-name 'a  b' # two words\n  $'two\\nlines')\nEXTRA+=(-smbios \"$MINE\")");
  const now = aVm('fw', 31, { memory: '1G', nics: [aNic(1, 'lan', { port: 4 }), aNic(2, 'lan', { port: 5 })] });
  const generated = renderLab(labOf(now), { source: 'dmz.lab.yaml', base: '..' }).find(({ name }) => name === 'fw.sh');

  const renewed = renewScript(mine, generated?.text ?? '');
  writeFileSync(file, renewed.text);
  const { code, output } = await scripts.script('fw.sh', 'command');

  expect(code).toBe(0);
  expect(renewed.clashes).toEqual([]);
  const merged = { ...now, cpus: 3, extra: ['-name', 'a  b', 'two\nlines', '-smbios', '2'] };
  const around = {
    run: scripts.run,
    labFolder: path.dirname(scripts.folder),
    home: '/',
    accel: 'tcg',
    guestFolder: '',
  } as const;
  expect(wordsOf(output)).toEqual(vmArguments(merged, 31, around));
});

/** The words of a command line that Bash has quoted. */
const wordsOf = (line: string): readonly string[] =>
  execFileSync('bash', ['-c', 'eval "words=($1)"; printf "%s\\0" "${words[@]}"', 'bash', line])
    .toString()
    .split('\0')
    .slice(0, -1);
