import { UserError } from '../../base/user-error.ts';
import { encodeUtf8 } from '../../console/utf8.ts';
import type { LabHost } from '../../lab/hosts/lab-host.ts';
import type { Lab } from '../../lab/model.ts';
import type { RemoteHosts, RemoteResult } from '../remote-ports.ts';
import { lookProgram, shell, writeProgram } from './remote-programs.ts';

/** A file as it has to be on each host, beside the others of its lab. */
export interface DeployedFile {
  readonly name: string;
  readonly text: string;
}

/** What a host has of the scripts of a lab, beside what it has to have. */
export interface DeployPlan {
  readonly host: LabHost;
  readonly folder: string;
  readonly files: readonly DeployedFile[];
  /** Those that are not there as they have to be. */
  readonly changed: readonly DeployedFile[];
  /** Names of those of them that somebody has changed there by hand, or that are of another origin, with lines that only they have. */
  readonly edited: readonly { readonly name: string; readonly lines: readonly string[] }[];
  /** Names of what was copied once and belongs to the lab no more. */
  readonly left: readonly string[];
}

/** Where the scripts of a lab are on a host; a relative folder begins in the home there. */
export const remoteFolder = (host: LabHost, lab: Pick<Lab, 'name'>): string =>
  `${host.scripts.replace(/(?<=.)\/+$/, '')}/${lab.name}`;

/** How much of what was changed by hand is shown. */
const mostLines = 3;

/** Compares the scripts there with what they have to be; nothing is changed. */
export async function planDeploy(
  hosts: RemoteHosts,
  host: LabHost,
  lab: Lab,
  scripts: readonly DeployedFile[],
): Promise<DeployPlan> {
  const folder = remoteFolder(host, lab);
  const files = [...scripts, { name: 'host', text: `${host.name}\n` }];
  const look = done(host, await hosts.run(host, shell(lookProgram, folder)));
  const [kept = '', there = ''] = look.split(/^--\n/m);
  const [before, now] = [sumsOf(kept), sumsOf(there)];
  const changed = files.filter(({ name, text }) => now.get(name) !== hosts.digest(text));
  const doubtful = changed.filter(({ name }) => now.has(name) && now.get(name) !== before.get(name));
  const edited = doubtful.length === 0 ? [] : await editedOf(hosts, host, folder, doubtful);
  const wanted = new Set(files.map(({ name }) => name));
  return { host, folder, files, changed, edited, left: [...before.keys()].filter(name => !wanted.has(name)) };
}

/** Copies what has changed. All of it takes its place, or none does; what was changed by hand is refused unless it may go. */
export async function deploy(hosts: RemoteHosts, plan: DeployPlan, isForced = false): Promise<void> {
  const { host, folder, files, changed, edited } = plan;
  if (changed.length === 0) return;
  if (edited.length > 0 && !isForced) throw changedByHand(plan);
  const sum = ({ name, text }: DeployedFile): string => `${hosts.digest(text)}  ${name}\n`;
  const sent = [...changed, { name: 'deployed', text: files.map(sum).join('') }];
  const input = [...sent, { name: 'sums', text: sent.map(sum).join('') }]
    .map(({ name, text }) => `${name} ${encodeUtf8(text).length}\n${text}`)
    .join('');
  done(host, await hosts.run(host, shell(writeProgram, folder, ...edited.map(({ name }) => name)), { input }));
}

function changedByHand({ host, folder, edited }: DeployPlan): UserError {
  const what = edited.flatMap(({ name, lines }) => [`  ${name}`, ...lines.map(line => `    ${line}`)]);
  return new UserError(
    [
      `Nothing was copied to host ${host.name}: in ${folder} there, this was changed by hand:`,
      ...what,
      `Put it into the lab file or the scripts here, or give it up: kvmlab deploy --force`,
    ].join('\n'),
  );
}

async function editedOf(
  hosts: RemoteHosts,
  host: LabHost,
  folder: string,
  doubtful: readonly DeployedFile[],
): Promise<DeployPlan['edited']> {
  const { originOf } = await import('../script-room.ts');
  const edited: { readonly name: string; readonly lines: readonly string[] }[] = [];
  for (const { name, text } of doubtful) {
    const there = done(host, await hosts.run(host, ['cat', '--', `${folder}/${name}`]));
    if (originOf(there).kind === 'untouched') continue;
    const ours = new Set(text.split('\n'));
    const lines = there.split('\n').filter(line => !ours.has(line) && !line.startsWith('#'));
    edited.push({ name, lines: lines.slice(0, mostLines) });
  }
  return edited;
}

/** The lines of sha256sum, by name. */
const sumsOf = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, sum = '', name = '']) => [name, sum]));

/** What a program there printed that has done its work. */
export function done({ name }: Pick<LabHost, 'name'>, { code, output, errors }: RemoteResult): string {
  if (code === 0) return output;
  throw new UserError(`Host ${name} says: ${errors.trim() || `it ended with code ${code}`}`);
}
