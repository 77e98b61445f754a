import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onCancel, type CancelSignal } from '../base/cancel.ts';
import { UserError } from '../base/user-error.ts';
import type { ClusterAnswer, ClusterProgram, ClusterRunOptions, ClusterTools } from '../runtime/cluster-ports.ts';
import { loadExeca } from './load-execa.ts';

/** Far more than a cluster has to say. */
const longestOutput = 64_000_000;
/** Pacemaker waits for ever for a cluster that is just beginning. */
const patienceMs = 60_000;

/** Pacemaker's programs on this machine, in English, so that their words can be read. */
export class LocalClusterTools implements ClusterTools {
  run(
    program: ClusterProgram,
    args: readonly string[],
    { input = '', signal }: ClusterRunOptions = {},
  ): Promise<ClusterAnswer> {
    return run(program, args, input, signal);
  }

  /** crm_simulate saves what comes out in a file only. */
  settled(cib: string, nodes: readonly string[]): Promise<string> {
    return withFolder(async folder => {
      const saved = path.join(folder, 'settled.xml');
      const up = nodes.flatMap(node => ['--node-up', node]);
      const args = ['--xml-pipe', '--simulate', '--quorum', '1', ...up, '--save-output', saved, '--quiet'];
      const answer = await run('crm_simulate', args, cib);
      if (answer.code !== 0) throw failure('crm_simulate', answer);
      return readFile(saved, 'utf8');
    });
  }

  /** crm_diff reads files only. */
  difference(before: string, after: string): Promise<string> {
    return withFolder(async folder => {
      const [old, now] = [path.join(folder, 'before.xml'), path.join(folder, 'after.xml')];
      await Promise.all([writeFile(old, before), writeFile(now, after)]);
      const answer = await run('crm_diff', ['--original', old, '--new', now], '');
      // As with diff(1): 1 is "they differ".
      if (answer.code === 0 || answer.code === 1) return answer.printed.trim();
      throw failure('crm_diff', answer);
    });
  }
}

const failure = (program: string, { code, errors }: ClusterAnswer): UserError =>
  new UserError(`${program} ended with exit code ${code}: ${errors.trim()}`);

/** Only the user can look into it: configurations may hold passwords of fencing devices. */
async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kvmlab-cib-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  program: string,
  args: readonly string[],
  input: string,
  signal?: CancelSignal,
): Promise<ClusterAnswer> {
  const { execa } = await loadExeca();
  // Administrators' programs are not on everybody's path.
  const PATH = [process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(':');
  const child = execa(program, args, {
    ...{ input, reject: false, timeout: patienceMs, maxBuffer: longestOutput, stripFinalNewline: false },
    env: { LC_ALL: 'C', TZ: 'UTC', PATH },
  });
  const cancelling = onCancel(signal, () => child.kill('SIGTERM'));
  try {
    const { exitCode, stdout, stderr, code, timedOut } = await child;
    if (code === 'ENOENT') throw new UserError(missing(program));
    if (timedOut) throw new UserError(`${program} gave no answer within ${patienceMs / 1000} seconds.`);
    return { code: exitCode ?? -1, printed: stdout, errors: stderr };
  } finally {
    cancelling.dispose();
  }
}

const missing = (program: string): string =>
  `The program ${program} is missing here. On a node of the cluster it is there; on Debian: sudo apt-get install pacemaker-cli-utils`;
