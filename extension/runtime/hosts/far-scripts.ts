import { UserError } from '../../base/user-error.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { LabHost } from '../../lab/hosts/lab-host.ts';
import type { Lab } from '../../lab/model.ts';
import type { Files, ScriptResult } from '../host.ts';
import type { RemoteHosts } from '../remote-ports.ts';
import { deploy, planDeploy, remoteFolder } from './deploy.ts';
import { scriptsHere } from './deploy-lab.ts';

export interface FarScriptsParts {
  readonly hosts: RemoteHosts;
  readonly files: Pick<Files, 'read'>;
}

/** How a script of a lab is run on a host: it knows there which host it is, and where what runs is found. */
export const scriptWords = (
  host: LabHost,
  lab: Pick<Lab, 'name'>,
  script: string,
  words: readonly string[],
): readonly string[] => [
  'env',
  `KVMLAB_HOST=${host.name}`,
  ...(host.run === undefined ? [] : [`KVMLAB_RUN_ROOT=${host.run}`]),
  `${remoteFolder(host, lab)}/${script}`,
  ...words,
];

/** The shell's exit code for a program that is not there. */
export const notThere = 127;

export interface FarOrder {
  readonly labPath: string;
  readonly lab: Lab;
  readonly host: string;
  readonly script: string;
  readonly words: readonly string[];
  readonly signal: CancelSignal | undefined;
}

/** Runs scripts on the other hosts of labs, for one order: what a host refuses at first it is not asked again. */
export class FarScripts {
  private readonly parts: FarScriptsParts;
  private readonly isFresh: boolean;
  private readonly first = new Map<string, Promise<void>>();

  /** `isFresh`: the scripts there have to be those of the lab file, and are copied if they are not. */
  constructor(parts: FarScriptsParts, isFresh: boolean) {
    this.parts = parts;
    this.isFresh = isFresh;
  }

  /** Rejects with a UserError that names the host. */
  async run({ labPath, lab, host: name, script, words, signal }: FarOrder): Promise<ScriptResult> {
    const host = lab.hosts?.find(one => one.name === name);
    if (!host) throw new UserError(`Lab ${lab.name} has no host ${name}.`);
    await this.prepare(labPath, lab, host, signal);
    const far = await this.parts.hosts.run(host, scriptWords(host, lab, script, words), { signal });
    const { code, output, errors } = far;
    if (code === notThere) throw new UserError(`Host ${name} has no script ${script}. Copy it there: kvmlab deploy`);
    return { code, output: onHost(name, output + errors) };
  }

  private prepare(labPath: string, lab: Lab, host: LabHost, signal: CancelSignal | undefined): Promise<void> {
    const key = JSON.stringify([labPath, host.name]);
    const known = this.first.get(key);
    if (known) return known;
    const first = this.isFresh
      ? this.copyScripts(labPath, lab, host)
      : this.parts.hosts.run(host, ['true'], { signal }).then(() => undefined);
    this.first.set(key, first);
    return first;
  }

  private async copyScripts(labPath: string, lab: Lab, host: LabHost): Promise<void> {
    const { hosts, files } = this.parts;
    await deploy(hosts, await planDeploy(hosts, host, lab, await scriptsHere(files, labPath, lab)));
  }
}

/** Each line as one of that host. */
const onHost = (host: string, text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map(line => `${host}: ${line}`)
    .join('\n');
