/** One command of QEMU's monitor for people (HMP), as its own `help` tells it. */
export interface HmpCommand {
  /** `info status`, `eject`. */
  readonly name: string;
  /** Other names: `c` for `cont`. */
  readonly aliases: readonly string[];
  /** `[-f] device`; empty: it takes none. */
  readonly args: string;
  /** Why one would use it, on one line. */
  readonly summary: string;
}

/**
 * Reads the text of `help` and `help info`. An entry begins at the start of a line, `NAME|ALIAS ARGS -- SUMMARY`; its
 * arguments may need further lines (drive_add), and further lines of the summary begin with a blank or tab.
 */
export function parseHelp(text: string): readonly HmpCommand[] {
  const commands: HmpCommand[] = [];
  let entry = '';
  const finish = (): void => {
    commands.push(...readEntry(entry));
    entry = '';
  };
  for (const line of text.split(/\r?\n/)) {
    const isMore = /^\s/.test(line) || (entry !== '' && !entry.includes(separator) && line !== '');
    if (!isMore) finish();
    // Arguments that go on do so without a blank: `<slot>` and on the next line `[,if=type]`.
    entry += /^\s/.test(line) ? ` ${line.trim()}` : isMore ? `${/^[[,]/.test(line) ? '' : ' '}${line}` : line;
  }
  finish();
  return commands;
}

const separator = ' -- ';

function readEntry(entry: string): readonly HmpCommand[] {
  const at = entry.indexOf(separator);
  if (at < 0) return [];
  const head = entry.slice(0, at).trim();
  const [, name = '', args = ''] = /^(info \S+|\S+)\s*(.*)$/s.exec(head) ?? [];
  // `info [subcommand]` says what the list of info commands says better.
  const isInfo = name.startsWith('info [');
  const [first = '', ...aliases] = isInfo ? ['info'] : name.split('|');
  if (first === '') return [];
  return [
    {
      name: first,
      aliases,
      args: isInfo ? head.slice('info'.length).trim() : args,
      summary: entry
        .slice(at + separator.length)
        .replaceAll(/\s+/g, ' ')
        .trim(),
    },
  ];
}

/** The commands of both lists, sorted; `info` stands in the first one for all of the second. */
export function commandsOf(help: string, infoHelp: string): readonly HmpCommand[] {
  const all = [...parseHelp(help), ...parseHelp(infoHelp)];
  const byName = new Map(all.map(command => [command.name, command]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Whether the monitor's answer says that the command failed. HMP has no other sign of it: `Error: …` where the command
 * itself failed, these words where it was not understood (monitor/hmp.c of QEMU).
 */
export const isMonitorError = (answer: string): boolean =>
  /^(Error: |unknown command: '|invalid parameter: )|^Try "help .*" for more information$|^Device '.*' not found$/m.test(
    answer,
  );
