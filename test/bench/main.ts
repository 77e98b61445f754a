import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { LinuxProcessTable } from '../../extension/host/process-table.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { observeHost, watchedPrograms } from '../../extension/runtime/observe.ts';
import { renderLab } from '../../extension/script/render-lab.ts';
import { bigLab } from '../support/lab-generator.ts';
import { benchConsoles } from './console.ts';
import { benchLayouts } from './layout.ts';
import { race, report } from './measure.ts';
import { benchNames } from './names.ts';
import { benchSwitches } from './switches.ts';
import { benchPicture } from './picture.ts';
import { benchTyping } from './typing.ts';

/** `npm run bench`: how long our work takes, beside a rival that does the nearest thing, in the same minute on the same machine. */
const render = (text: string): number => {
  const { lab, problems } = readLab(text, { fileName: 'big.lab.yaml' });
  if (!lab || problems.length > 0)
    throw new Error(`The generated lab has problems: ${problems[0]?.message ?? 'no lab'}`);
  return renderLab(lab, { source: 'big.lab.yaml', base: '..' }).length;
};

const thousand = bigLab(1000, 50);
report(
  'A lab of 1,000 VMs and 50 switches; the rival only parses the YAML',
  await race({
    'yaml: parse': (): unknown => parse(thousand),
    'read and check': () => readLab(thousand, { fileName: 'big.lab.yaml' }),
    'read, check and render every script': () => render(thousand),
  }),
);

const sizes = [100, 500, 1000, 2500, 5000];
const labs = sizes.map(size => bigLab(size, 50));
const growth = await race(
  Object.fromEntries(sizes.map((size, at) => [`${size} VMs`, () => render(labs[at] ?? '')])),
  5,
  2,
);
report('Growth: read, check and render', growth);
for (const size of sizes)
  console.log(`  ${size} VMs: ${(((growth[`${size} VMs`] ?? 0) / size) * 1000).toFixed(0)} µs for each`);

const table = new LinuxProcessTable();
const processes = readdirSync('/proc').filter(name => /^\d+$/.test(name)).length;
report(
  `One look at what runs, with ${processes} processes; the rival is ps`,
  await race({
    'ps -eo pid,args': () => execFileSync('ps', ['-eo', 'pid,args']),
    'our sweep of /proc': () => observeHost(table.list(watchedPrograms), ['/run/user/0/kvmlab']),
  }),
);

report(
  'The terminal command; the rival is Node doing nothing',
  await race({
    "node -e ''": () => execFileSync(process.execPath, ['-e', '']),
    'kvmlab kvmlist': () => execFileSync(process.execPath, ['dist/cli.js', 'kvmlist']),
  }),
);

await benchConsoles();
await benchSwitches();
await benchNames();
await benchTyping();
await benchLayouts();
await benchPicture();

console.log(`\nBundles: extension ${size('dist/extension.js')}, kvmlab ${size('dist/cli.js')}`);

function size(file: string): string {
  return `${(readFileSync(file).length / 1000).toFixed(0)} kB`;
}
