/** What the script writes down of a VM that has moved away (`NAME.moved` in the run-time folder that it left). */
export interface MigrationResult {
  /** `left (/run/labs)`, or a root of run-time folders of this host. */
  readonly to: string;
  /** The run-time folder of the lab there. */
  readonly run: string;
  /** The port of its serial console there. */
  readonly consolePort: number;
  /** Milliseconds that it stood still, from its stop here until it ran there, and that sending it took in all. */
  readonly downtimeMs: number;
  readonly totalMs: number;
  readonly bytes: number;
}

/** Lines `key=value`. Undefined: it is no such file, or is not whole. */
export function readMoved(text: string): MigrationResult | undefined {
  const values = new Map(text.split('\n').map(line => splitOnce(line)));
  const value = (key: string): string => values.get(key) ?? '';
  const number = (key: string): number => (/^\d+$/.test(value(key)) ? Number(value(key)) : NaN);
  const [ssh, root] = [value('ssh'), value('root')];
  const result = {
    to: ssh === '' ? root : `${ssh}${root === '' ? '' : ` (${root})`}`,
    run: value('run'),
    consolePort: number('console'),
    downtimeMs: number('downtime-ms'),
    totalMs: number('total-ms'),
    bytes: number('bytes'),
  };
  return result.to === '' || Number.isNaN(result.consolePort) ? undefined : result;
}

function splitOnce(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return at < 0 ? ['', ''] : [line.slice(0, at), line.slice(at + 1)];
}
