import { UserError } from '../../base/user-error.ts';
import { neededFiles, resolvePath } from '../../lab/files.ts';
import type { LabHost } from '../../lab/hosts/lab-host.ts';
import { hostsOf } from '../../lab/hosts/lab-part.ts';
import type { Lab } from '../../lab/model.ts';
import type { Files } from '../host.ts';
import { scriptFolder } from '../lab-identity.ts';
import { folderOf } from '../paths.ts';
import type { RemoteHosts } from '../remote-ports.ts';
import { done, type DeployedFile } from './deploy.ts';
import { guestProgram, missingProgram, putProgram, seedProgram, shell } from './remote-programs.ts';

export interface FileCopyParts {
  readonly hosts: RemoteHosts;
  readonly files: Pick<Files, 'exists' | 'readTail'>;
  /** For `~/` here. */
  readonly home: string;
  /** Where the tiny guest lies here if it is not beside the lab file. */
  readonly guestFolder: string;
  /** Size of a file of this host in bytes. Undefined: there is none. */
  readonly size: (path: string) => Promise<number | undefined>;
}

/** A file that VMs need on their host and that is not there. */
export interface MissingFile {
  /** As it has to lie there. */
  readonly there: string;
  /** The same file here, which may be copied; absent: it is not here, or too large for that. */
  readonly here?: string;
  readonly what: string;
  /** What lies there is of an older lab file. */
  readonly isOld?: boolean;
  /** Nobody else may read it. */
  readonly isPrivate?: boolean;
}

/** The scripts of a lab as they are here, changes by hand and all. */
export async function scriptsHere(
  files: Pick<Files, 'read'>,
  labPath: string,
  lab: Lab,
): Promise<readonly DeployedFile[]> {
  const { renderLab } = await import('../script-room.ts');
  const folder = scriptFolder(labPath, lab);
  const names = renderLab(lab, { source: '', base: '..' }).map(({ name }) => name);
  return Promise.all(
    names.map(async name => {
      const text = await files.read(`${folder}/${name}`);
      if (text === undefined) throw new UserError(`The script ${name} is not in ${folder}. Write it: kvmlab script`);
      return { name, text };
    }),
  );
}

/** What VMs of a host need there and do not find: images, kernels, sticks, what they boot over the network, seeds, the tiny guest. */
export async function missingFiles(
  parts: FileCopyParts,
  host: LabHost,
  labPath: string,
  lab: Lab,
): Promise<readonly MissingFile[]> {
  const needed = [...filesOfVms(lab, host), ...bootFilesOf(lab, host)];
  const places = new Map(needed.map(file => [resolvePath(file.path, host.scripts, '~'), file]));
  const printed = await parts.hosts.run(host, shell(missingProgram, ...places.keys()));
  const missing = done(host, printed).split('\n');
  const files = missing.flatMap(there => {
    const file = places.get(there);
    return file ? [{ there, file }] : [];
  });
  const of = files.map(async ({ there, file }): Promise<MissingFile> => {
    const { path, what, isSmall } = file;
    const here = resolvePath(path, folderOf(labPath), parts.home);
    const canBeCopied = isSmall && staysInside(path) && (await parts.files.exists(here));
    return { there, what, ...(canBeCopied ? { here } : {}) };
  });
  const seeds = await missingSeeds(parts, host, labPath, lab);
  return [...(await Promise.all(of)), ...seeds, ...(await missingGuest(parts, host, labPath, lab))];
}

/** Copies a file there, whole or not at all. */
export async function copyFile(
  parts: FileCopyParts,
  host: LabHost,
  { here = '', there, isPrivate }: MissingFile,
): Promise<void> {
  const bytes = await parts.size(here);
  if (bytes === undefined) throw new UserError(`${here} is not there any more, so it was not copied.`);
  const words = [there, String(bytes), ...(isPrivate ? ['private'] : [])];
  done(host, await parts.hosts.run(host, shell(putProgram, ...words), { input: { file: here } }));
}

interface WantedFile {
  /** As in the lab file. */
  readonly path: string;
  readonly what: string;
  /** Unlike disks it may be copied. */
  readonly isSmall: boolean;
}

const smallKinds = ['kernel', 'initrd', 'stick'];

const filesOfVms = (lab: Lab, { name }: LabHost): readonly WantedFile[] =>
  neededFiles(lab)
    .filter(file => file.host === name && !file.canBeMade)
    .map(({ path, kind, vm }) => ({ path, what: `${kind} of VM ${vm}`, isSmall: smallKinds.includes(kind) }));

const bootFilesOf = (lab: Lab, { name }: LabHost): readonly WantedFile[] =>
  lab.switches.flatMap(one => {
    const pxe = hostsOf(one)[0] === name ? one.slirp?.pxe : undefined;
    const path = pxe && `${pxe.root.replace(/\/+$/, '')}/${pxe.file}`;
    return path === undefined ? [] : [{ path, what: `boot file of switch ${one.name}`, isSmall: true }];
  });

/** Seeds say what the lab file says, so one of an older file is as good as none. */
async function missingSeeds(
  { hosts, files, home }: FileCopyParts,
  host: LabHost,
  labPath: string,
  lab: Lab,
): Promise<readonly MissingFile[]> {
  const seeds = lab.vms.flatMap(({ name, host: place, cloudInit }) =>
    cloudInit && place === host.name
      ? [{ name, path: cloudInit.seed, there: resolvePath(cloudInit.seed, host.scripts, '~') }]
      : [],
  );
  if (seeds.length === 0) return [];
  const { markBytes, seedSumAt } = await import('../images/seed-writer.ts');
  const printed = done(host, await hosts.run(host, shell(seedProgram, ...seeds.map(({ there }) => there))));
  const sums = new Map([...printed.matchAll(/^(.*)\t(.*)$/gm)].map(([, sum = '', file = '']) => [file, sum]));
  const looks = seeds.map(async ({ name, path, there }): Promise<readonly MissingFile[]> => {
    const here = resolvePath(path, folderOf(labPath), home);
    const wanted = seedSumAt((await files.readTail(here, markBytes)) ?? '');
    const found = sums.get(there);
    if (wanted !== undefined && found === wanted) return [];
    const isForeign = found === '';
    const what = `seed of VM ${name}${isForeign ? '; there is a file of another origin: move it away' : ''}`;
    const copy = wanted === undefined || isForeign ? {} : { here };
    return [{ there, what, isPrivate: true, isOld: found !== undefined, ...copy }];
  });
  return (await Promise.all(looks)).flat();
}

/** Nothing is written beside the folder of scripts there. */
const staysInside = (path: string): boolean => !/^[/~]|(^|\/)\.\.(\/|$)/.test(path);

async function missingGuest(
  { hosts, files, guestFolder }: FileCopyParts,
  host: LabHost,
  labPath: string,
  lab: Lab,
): Promise<readonly MissingFile[]> {
  if (!lab.vms.some(vm => vm.isTinyGuest && vm.host === host.name)) return [];
  if ((await hosts.run(host, shell(guestProgram, host.scripts))).code === 0) return [];
  const own = `${folderOf(labPath)}/guest`;
  const place = (await files.exists(`${own}/vmlinuz`)) ? own : guestFolder;
  return Promise.all(
    ['vmlinuz', 'initrd'].map(async (name): Promise<MissingFile> => {
      const here = `${place}/${name}`;
      const missing = { there: `${host.scripts}/guest/${name}`, what: 'tiny guest' };
      return (await files.exists(here)) ? { ...missing, here } : missing;
    }),
  );
}
