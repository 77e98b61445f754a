import type { OptionShape } from './arguments.ts';
import type { Command } from './command.ts';

export const helpOption: OptionShape = { name: 'help', summary: 'Show this help' };

export function renderHelp(commands: readonly Command[]): string {
  const lines = commands.map(command => [`${command.name} ${command.operands}`.trimEnd(), command.summary] as const);
  return [
    'KVM Lab: network labs of real VMs (QEMU) on real switches (VDE)',
    '',
    'Usage: kvmlab COMMAND [OPTION…]',
    '',
    'Commands:',
    ...columns(lines),
    '',
    'FILE is a lab file; it may be left out where the current folder holds exactly one *.lab.yaml.',
    'Exit codes: 0 done, 1 failed, 2 usage, 3 already so or refused by a lock.',
    'More: kvmlab help COMMAND',
    '',
  ].join('\n');
}

export function renderCommandHelp(command: Command): string {
  const options = [...command.options, helpOption].map(({ name, letter, value, summary }) => {
    const names = letter === undefined ? `--${name}` : `-${letter}, --${name}`;
    return [value === undefined ? names : `${names} ${value}`, summary] as const;
  });
  return [
    `${command.summary}.`,
    '',
    `Usage: kvmlab ${[command.name, command.operands, '[OPTION…]'].filter(word => word !== '').join(' ')}`,
    '',
    ...(command.details ? [...command.details, ''] : []),
    'Options:',
    ...columns(options),
    '',
  ].join('\n');
}

/** What is longer than this stands on a line of its own, so that the others need not go so far to the right. */
const widest = 24;

function columns(rows: readonly (readonly [left: string, right: string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length).filter(length => length <= widest));
  return rows.flatMap(([left, right]) =>
    left.length <= width ? [`  ${left.padEnd(width)}  ${right}`] : [`  ${left}`, `  ${' '.repeat(width)}  ${right}`],
  );
}
