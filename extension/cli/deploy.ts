import { UserError } from '../base/user-error.ts';
import type { LabHost } from '../lab/hosts/lab-host.ts';
import { didYouMean, NearestName } from '../lab/names.ts';
import { deploy, planDeploy, type DeployPlan } from '../runtime/hosts/deploy.ts';
import { copyFile, missingFiles, scriptsHere, type MissingFile } from '../runtime/hosts/deploy-lab.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command, type ExitCode } from './command.ts';
import { openSoundLab, takeLabFile, type OpenLab } from './lab-file.ts';
import { printable } from './text-table.ts';

interface Deployed {
  readonly host: LabHost;
  readonly plan: DeployPlan | undefined;
  readonly missing: readonly MissingFile[];
  /** Beside the scripts. */
  readonly files: readonly MissingFile[];
  /** Why it could not be done, for people. */
  readonly failure: string | undefined;
}

interface DeployOrder {
  readonly isForced: boolean;
  readonly isCheck: boolean;
  readonly withImages: boolean;
}

export const deployCommand: Command = {
  name: 'deploy',
  operands: '[FILE] [HOST…]',
  summary: 'Copy the scripts of a lab to its other hosts, over ssh',
  details: [
    'Only what has changed is copied, and checked there by its SHA-256. What was changed there by hand',
    'is refused and shown. Files that VMs need there and do not find are named.',
    'With --json: [{host, folder, copied, unchanged, edited, left, files: [{file, for}],',
    'missing: [{file, for}], failure}].',
    'Exit code 1: something failed or is missing; 3: nothing had to be done.',
  ],
  options: [
    { name: 'check', summary: 'Only tell what would be copied' },
    { name: 'force', summary: 'Replace what was changed by hand there; a copy stays as SCRIPT.edited-TIME' },
    {
      name: 'images',
      summary: 'Copy kernels, initial RAM disks, seeds, sticks and boot files too, where missing',
    },
    jsonOption,
  ],
  maxOperands: Infinity,
  async run({ operands, options }, ports) {
    const { file, others } = await takeLabFile(operands, ports);
    const open = await openSoundLab(file, ports);
    const hosts = hostsMeant(open, others);
    const order = {
      isForced: options.has('force'),
      isCheck: options.has('check'),
      withImages: options.has('images'),
    };
    await ports.writeScripts(open.path, undefined);
    const scripts = await scriptsHere(ports.files, open.path, open.lab);
    const deployed = await Promise.all(hosts.map(host => deployTo(host, open, scripts, order, ports)));
    if (options.has('json')) printJson(deployed.map(plain), ports);
    else for (const one of deployed) show(one, order, ports);
    return exitCodeOf(deployed);
  },
};

function hostsMeant({ lab }: OpenLab, names: readonly string[]): readonly LabHost[] {
  const { hosts = [] } = lab;
  if (hosts.length === 0) throw new UsageError(`Lab ${lab.name} has no other hosts. Add them under "hosts:".`);
  const known = hosts.map(({ name }) => name);
  const wrong = names.find(name => !known.includes(name));
  if (wrong !== undefined) {
    const hint = didYouMean(new NearestName().find(wrong, known)) || ` It has: ${known.join(', ')}.`;
    throw new UsageError(`Lab ${lab.name} has no host ${printable(wrong)}.${hint}`);
  }
  return hosts.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** A host that fails keeps no other one from having its scripts. */
async function deployTo(
  host: LabHost,
  { path, lab }: OpenLab,
  scripts: DeployPlan['files'],
  { isForced, isCheck, withImages }: DeployOrder,
  ports: CliPorts,
): Promise<Deployed> {
  const parts = copyParts(ports);
  let plan: DeployPlan | undefined;
  let missing: readonly MissingFile[] = [];
  const files: MissingFile[] = [];
  try {
    plan = await planDeploy(parts.hosts, host, lab, scripts);
    if (!isCheck) await deploy(parts.hosts, plan, isForced);
    missing = await missingFiles(parts, host, path, lab);
    if (!withImages || isCheck) return { host, plan, missing, files, failure: undefined };
    for (const one of missing.filter(({ here }) => here !== undefined)) {
      await copyFile(parts, host, one);
      files.push(one);
    }
    missing = missing.filter(one => !files.includes(one));
    return { host, plan, missing, files, failure: undefined };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { host, plan, missing, files, failure: error.message };
  }
}

const copyParts = ({ remote, files, images, labCheck, captures }: CliPorts) => ({
  ...{ hosts: remote, files, home: images.places.home, guestFolder: labCheck.guestFolder },
  size: (path: string) => captures.sizes.size(path),
});

function show(
  { host, plan, missing, files: others, failure }: Deployed,
  { isCheck }: DeployOrder,
  ports: CliPorts,
): void {
  const name = `host ${host.name}`;
  if (failure !== undefined) {
    ports.err(`${name}: ${failure.split('\n').map(printable).join('\n')}\n`);
    return;
  }
  const { changed = [], files = [], folder = '', left = [] } = plan ?? {};
  const what = changed.length === 0 ? 'had to be' : isCheck ? 'would be' : 'were';
  ports.out(`${name}: ${changed.length} of ${files.length} files ${what} copied to ${folder}\n`);
  for (const one of changed) ports.out(`    ${one.name}\n`);
  for (const { there, what: of } of others) ports.out(`${name}: ${printable(there)} was copied (${of})\n`);
  if (left.length > 0) ports.err(`${name}: no more of this lab, and left there: ${left.map(printable).join(', ')}\n`);
  for (const { there, what: of, here, isOld } of missing)
    ports.err(
      `${name}: ${printable(there)} is ${isOld ? 'not that of the lab file' : 'missing'} (${of}). ${here === undefined ? 'Put it there' : 'Copy it: --images'}\n`,
    );
}

const plain = ({ host, plan, missing, files, failure }: Deployed) => ({
  host: host.name,
  folder: plan?.folder ?? null,
  copied: plan?.changed.map(({ name }) => name) ?? [],
  unchanged: plan ? plan.files.length - plan.changed.length : 0,
  edited: plan?.edited.map(({ name }) => name) ?? [],
  left: plan?.left ?? [],
  files: files.map(({ there, what }) => ({ file: there, for: what })),
  missing: missing.map(({ there, what }) => ({ file: there, for: what })),
  failure: failure ?? null,
});

function exitCodeOf(deployed: readonly Deployed[]): ExitCode {
  if (deployed.some(({ failure, missing }) => failure !== undefined || missing.length > 0)) return exitCodes.failed;
  return deployed.every(({ plan, files }) => plan?.changed.length === 0 && files.length === 0)
    ? exitCodes.already
    : exitCodes.done;
}
