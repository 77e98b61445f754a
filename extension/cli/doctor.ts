import { examine } from '../runtime/doctor/doctor.ts';
import type { Finding } from '../runtime/doctor/check.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command } from './command.ts';
import { labFilesInFolder, openLab, type OpenLab } from './lab-file.ts';
import { printable, renderTable } from './text-table.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  operands: '[FILE]',
  summary: 'Show what this host has and lacks, and how to mend it',
  details: [
    'Without FILE: for the only lab of this folder, or for labs as such. Changes nothing, needs no root.',
    'Ends with 1 if something is wrong that is needed.',
    'With --json: [{id, title, purpose, state, found, fix}]; state is fine, lacks (it could be useful)',
    'or wrong (it is needed).',
  ],
  options: [jsonOption],
  maxOperands: 1,
  async run({ operands, options }, ports) {
    const open = await labOf(operands[0], ports);
    await ports.watcher.poll();
    const of = open && { lab: open.lab, path: open.path, snapshot: ports.store.lab(open.path) };
    const { runRoot, guestFolder } = ports.labCheck;
    const parts = { look: ports.hostLook, files: ports.files, runRoot, guestFolder };
    const findings = await examine(of, parts, { tryKvm: true, signal: ports.signal });
    if (options.has('json'))
      printJson(
        findings.map(one => ({ ...one, fix: one.fix ?? null })),
        ports,
      );
    else ports.out(render(findings, open?.lab.name));
    return findings.some(({ state }) => state === 'wrong') ? exitCodes.failed : exitCodes.done;
  },
};

async function labOf(file: string | undefined, ports: CliPorts): Promise<OpenLab | undefined> {
  if (file !== undefined) return openLab(file, ports);
  const [only, ...others] = await labFilesInFolder(ports);
  return only !== undefined && others.length === 0 ? openLab(only, ports) : undefined;
}

const words: Readonly<Record<Finding['state'], string>> = { wrong: 'WRONG', lacks: 'lacks', fine: 'ok' };

function render(findings: readonly Finding[], lab: string | undefined): string {
  const rows = findings.map(({ state, title, found }) => [words[state], title, found]);
  const fixes = findings.flatMap(({ title, purpose, fix }) =>
    fix === undefined ? [] : [`${printable(title)}: ${printable(purpose)}\n    ${printable(fix)}\n`],
  );
  return [
    lab === undefined ? 'This host:\n' : `This host, for lab ${printable(lab)}:\n`,
    renderTable(['STATE', 'WHAT', 'FOUND'], rows),
    ...(fixes.length === 0 ? [] : ['\nTo mend it:\n', ...fixes]),
  ].join('');
}
