import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ScriptRun } from './script-lab.ts';

/** `npm test` installs Pacemaker only where that starts nothing. */
export const hasPacemaker = existsSync('/usr/sbin/pacemakerd') && existsSync('/usr/sbin/ocf-tester');

/** The exit codes of the OCF resource agent API. */
export const ocf = {
  success: 0,
  generic: 1,
  unimplemented: 3,
  notInstalled: 5,
  notConfigured: 6,
  notRunning: 7,
} as const;

const source = path.resolve(import.meta.dirname, '../../extension/script/ha/vm-agent.sh');

/** The agent of VMs in a folder, called as Pacemaker calls it. */
export class OcfAgent {
  readonly file: string;
  private readonly parameters: Readonly<Record<string, string>>;
  private readonly folder: string;

  constructor(folder: string, parameters: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.parameters = parameters;
    this.file = path.join(folder, 'vm');
    writeFileSync(this.file, readFileSync(source));
    chmodSync(this.file, 0o755);
  }

  /** `meta`: of the operation, such as a timeout. */
  run(action: string, meta: Readonly<Record<string, string>> = {}): ScriptRun {
    const reskeys = { ...this.parameters, ...prefixed('CRM_meta_', { timeout: '120000', ...meta }) };
    const env = { ...this.environment(), OCF_RESOURCE_INSTANCE: 'kvmlab-test', ...prefixed('OCF_RESKEY_', reskeys) };
    const run = spawnSync(this.file, [action], { env, encoding: 'utf8' });
    return { code: run.status ?? -1, output: run.stdout + run.stderr };
  }

  /** What Debian's tester of agents finds. */
  test(): ScriptRun {
    const words = Object.entries(this.parameters).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    const env = this.environment();
    const run = spawnSync('/usr/sbin/ocf-tester', ['-n', 'kvmlab-test', ...words, this.file], {
      env,
      encoding: 'utf8',
    });
    return { code: run.status ?? -1, output: run.stdout + run.stderr };
  }

  private environment(): NodeJS.ProcessEnv {
    const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
    return { ...env, OCF_ROOT: '/usr/lib/ocf', HA_RSCTMP: this.folder, HA_LOGFILE: path.join(this.folder, 'ha.log') };
  }
}

const prefixed = (prefix: string, values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
