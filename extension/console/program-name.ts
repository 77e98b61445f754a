const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a person would call a process, from its argv and its short name: `telnet`, `kvmlab`, `VS Code`. */
export function programName(args: readonly string[], command: string): string {
  const [program = '', script = ''] = args;
  if (args.some(word => /^--type=(extensionHost|utility)$/.test(word))) return 'VS Code';
  const isOurs = /^(cli\.c?js|kvmlab)$/.test(base(script)) && /kvmlab|dist/.test(script);
  if (base(program).startsWith('node') && isOurs) return 'kvmlab';
  const name = base(program) || command;
  return printable(name === '' ? 'a program' : name);
}

/** Whoever started a process has chosen its name. */
const printable = (name: string): string => name.replaceAll(/[^\w.+@ -]/gu, '?').slice(0, 40);
