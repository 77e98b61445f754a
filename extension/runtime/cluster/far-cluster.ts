import { UserError } from '../../base/user-error.ts';
import { encodeUtf8 } from '../../console/utf8.ts';
import type { ClusterAnswer, ClusterProgram, ClusterTools, ClusterRunOptions } from '../cluster-ports.ts';
import { shell } from '../hosts/remote-programs.ts';
import type { Destination, RemoteHosts } from '../remote-ports.ts';

/** Pacemaker's programs at a host of a lab, with the rights of whoever ssh logs in there. */
export class FarClusterTools implements ClusterTools {
  private readonly hosts: Pick<RemoteHosts, 'run'>;
  private readonly host: Destination;

  constructor(hosts: Pick<RemoteHosts, 'run'>, host: Destination) {
    this.hosts = hosts;
    this.host = host;
  }

  run(program: ClusterProgram, args: readonly string[], options: ClusterRunOptions = {}): Promise<ClusterAnswer> {
    return this.ask(program, shell(runProgram, program, ...args), options);
  }

  async settled(cib: string, nodes: readonly string[]): Promise<string> {
    const words = nodes.flatMap(node => ['--node-up', node]);
    return this.printedBy('crm_simulate', shell(settleProgram, 'crm_simulate', ...words), cib);
  }

  async difference(before: string, after: string): Promise<string> {
    const words = shell(diffProgram, 'crm_diff', String(encodeUtf8(before).length));
    return (await this.printedBy('crm_diff', words, before + after)).trim();
  }

  private async printedBy(program: string, words: readonly string[], input: string): Promise<string> {
    const { code, printed, errors } = await this.ask(program, words, { input });
    if (code === 0) return printed;
    throw new UserError(`${program} at host ${this.host.name} ended with exit code ${code}: ${errors.trim()}`);
  }

  private async ask(
    program: string,
    words: readonly string[],
    { input = '', signal }: ClusterRunOptions,
  ): Promise<ClusterAnswer> {
    const { code, output, errors } = await this.hosts.run(this.host, words, { input, signal });
    const { name } = this.host;
    if (code === notThere)
      throw new UserError(
        `Host ${name} has no program ${program}, so it is no node of a cluster. Name another one of "hosts:".`,
      );
    if (code === tookTooLong) throw new UserError(`${program} at host ${name} gave no answer within a minute.`);
    return { code, printed: output, errors };
  }
}

/** Of the shell, for a program that is not there, and of timeout(1). */
const notThere = 127;
const tookTooLong = 124;

/**
 * PROGRAM WORD…: in English, so that what it says can be read. Administrators' programs are not on everybody's path, and
 * Pacemaker waits for ever for a cluster that is just beginning.
 */
const asHere = `export LC_ALL=C TZ=UTC PATH="$PATH:/usr/sbin:/sbin"
command -v "$1" >/dev/null || exit ${notThere}`;

const runProgram = `${asHere}
exec timeout 60 "$@"`;

/** Only the user can look into it: configurations may hold passwords of fencing devices. */
const inFolder = `${asHere}
folder=$(mktemp -d) || exit
trap 'rm -rf -- "$folder"' EXIT`;

/** crm_simulate NODE…: takes a configuration, prints the one that comes out, which is saved in a file only. */
const settleProgram = `${inFolder}
timeout 60 "$@" --xml-pipe --simulate --quorum 1 --save-output "$folder/settled" --quiet >&2 || exit
cat -- "$folder/settled"`;

/** crm_diff BYTES: takes two configurations, the first with so many bytes; exit code 1 is "they differ". */
const diffProgram = `${inFolder}
head -c "$2" >"$folder/before" && cat >"$folder/after" || exit
timeout 60 "$1" --original "$folder/before" --new "$folder/after"
code=$?
[ "$code" -ne 1 ] || code=0
exit "$code"`;
