/** One thing that has to be so before a VM is migrated, as the VM's script found it. */
export interface MigrationCheck {
  readonly what: string;
  readonly isGood: boolean;
  /** What speaks against it; empty: nothing. */
  readonly why: string;
}

/** What the script says of what others (ssh) have said. */
const seeAbove = 'see above';
const checkLine = /^(ok|no) ([^:]+)(?:: (.*))?$/;

/** Reads the lines of `VM.sh migrate --check`: `ok WHAT` or `no WHAT: WHY`. Other lines are what others have said. */
export function readCheckList(output: string): readonly MigrationCheck[] {
  const lines = output.split('\n');
  const others = lines.filter(line => !checkLine.test(line) && line.trim() !== '').map(line => line.trim());
  return lines.flatMap(line => {
    const [, verdict, what = '', why = ''] = checkLine.exec(line) ?? [];
    if (verdict === undefined) return [];
    return [{ what, isGood: verdict === 'ok', why: why === seeAbove ? others.join(' ') || why : why }];
  });
}
