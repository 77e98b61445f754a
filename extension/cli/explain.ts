import { UserError } from '../base/user-error.ts';
import { LineIndex } from '../lab/text-span.ts';
import { folderOf } from '../runtime/paths.ts';
import { explainVm, type ExplainedSetting } from '../script/explain.ts';
import { quote } from '../script/quote.ts';
import type { VmSurroundings } from '../script/vm-steps.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command } from './command.ts';
import { warnOfKvmscript } from './kvmscript.ts';
import { openLab, takeLabFile, type OpenLab } from './lab-file.ts';
import { problemLines } from './problem-lines.ts';
import { printable } from './text-table.ts';

export const explainCommand: Command = {
  name: 'explain',
  operands: '[FILE] VM',
  summary: 'Show where each setting of a VM comes from, and QEMU’s option for it',
  details: [
    'Weakest first: built in, settings of VS Code, ~/.kvmscript, defaults: of the lab, the VM itself.',
    'What was changed by hand in its script is not shown; there the command line is "VM.sh command".',
    'With --json: [{key, value, origin, source, line, options: [{words, meaning}]}]; key is null for what',
    'every VM has, line (of the lab file, from 1) is null for what stands elsewhere.',
  ],
  options: [jsonOption],
  maxOperands: 2,
  async run({ operands, options }, ports) {
    const { file, others } = await takeLabFile(operands, ports);
    const [name, surplus] = others;
    if (name === undefined || surplus !== undefined) throw new UsageError('Explain which VM?');
    const open = await openLab(file, ports);
    if (!open.lab.vms.some(vm => vm.name === name)) throw new UserError(noSuchVm(name, open, file));
    await warnOfKvmscript(ports);
    for (const line of problemLines(file, open.text, open.reading)) ports.err(`${line}\n`);
    const settings = explainVm(open.lab, name, await around(open, ports)).map(withLine(open));
    if (options.has('json')) printJson(settings.map(plain), ports);
    else ports.out(render(settings));
    return exitCodes.done;
  },
};

type PlacedSetting = ExplainedSetting & { readonly line: number | undefined };

/** The line of the file that the value stands in, be it an included one. */
function withLine({ text, reading }: OpenLab): (setting: ExplainedSetting) => PlacedSetting {
  const own = new LineIndex(text);
  const others = new Map(
    reading.included?.flatMap(one => ('text' in one ? [[one.path, new LineIndex(one.text)] as const] : [])),
  );
  return setting => {
    const { sourceSpan: span } = setting;
    const lines = span?.file === undefined ? own : others.get(span.file);
    return { ...setting, line: span && lines && lines.position(span.start).line + 1 };
  };
}

const noSuchVm = (name: string, { lab }: OpenLab, file: string): string =>
  `${file} has no VM ${name}. It has: ${lab.vms.map(vm => vm.name).join(', ') || 'none'}.`;

/** `accel: auto` is decided by the script when it starts. */
async function around({ path, lab }: OpenLab, { labCheck, files }: CliPorts): Promise<Omit<VmSurroundings, 'accel'>> {
  const labFolder = folderOf(path);
  const own = `${labFolder}/guest`;
  return {
    run: `${labCheck.runRoot}/${lab.name}`,
    labFolder,
    home: folderOf(labCheck.kvmscript),
    guestFolder: (await files.exists(`${own}/vmlinuz`)) ? own : labCheck.guestFolder,
  };
}

const plain = ({ key, value, origin, source, line, options }: PlacedSetting) => ({
  ...{ key: key ?? null, value, origin, source: source.kind, line: line ?? null, options },
});

function render(settings: readonly PlacedSetting[]): string {
  const own = settings.filter(({ key }) => key !== undefined);
  const common = settings.filter(({ key }) => key === undefined);
  const lines = [
    ...own.flatMap(setting => [head(setting), ...optionLines(setting)]),
    ...(common.length === 0 ? [] : ['Every VM has']),
    ...common.flatMap(optionLines),
  ];
  return lines.map(line => `${printable(line)}\n`).join('');
}

const head = ({ key, value, origin, line }: PlacedSetting): string =>
  `${key}: ${value}, ${origin}${line === undefined ? '' : `, line ${line}`}`;

const optionLines = ({ options }: PlacedSetting): readonly string[] =>
  options.flatMap(({ words, meaning }) => [`    ${words.map(shown).join(' ')}`, `        ${meaning}`]);

/** Quoted only where it would be several words or something else for a shell; but not what only a start finds out. */
const shown = (word: string): string => (/^([\w@%+=:,./~-]+|\$(accel|cpu))$/.test(word) ? word : quote(word));
