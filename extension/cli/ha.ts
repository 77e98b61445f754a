import { labChanges } from '../cluster/configuration.ts';
import { simulationWords } from '../cluster/simulation.ts';
import { writeXml } from '../cluster/xml.ts';
import { applyPlan } from '../runtime/cluster/apply-plan.ts';
import { clearFailures, clusterStatus, simulateDeath } from '../runtime/cluster/cluster.ts';
import type { HaPlan } from '../runtime/cluster/ha-plan.ts';
import { vmAgent, vmAgentPath } from '../script/ha/agent.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type Command, type ExitCode } from './command.ts';
import {
  anyConfiguration,
  clusterMeant,
  configurationOrNone,
  noCluster,
  planFor,
  safePlan,
  type HaTask,
} from './ha-task.ts';
import { installAgents } from './ha-install.ts';
import { changeLines, plainStatus, renderStatus } from './ha-words.ts';
import { openSoundLab, takeLabFile } from './lab-file.ts';
import { printable } from './text-table.ts';

const verbs: Readonly<Record<string, (task: HaTask) => Promise<ExitCode>>> = {
  export: exportPart,
  diff,
  apply,
  status,
  simulate,
  clear,
  install: installAgents,
};

export const haCommand: Command = {
  name: 'ha',
  operands: 'export|diff|apply|status|simulate|clear|install|agent [FILE]',
  summary: 'Have a cluster of Pacemaker keep the VMs of a lab alive',
  details: [
    'ha install [FILE] [HOST…]',
    '                        copies the resource agent ocf:kvmlab:vm to the hosts of the lab by ssh,',
    '                        and says what root has to run there; with --sudo it does that, and looks',
    '                        whether Pacemaker finds the agent',
    'ha agent                the agent itself; by hand it is installed on every node of the cluster so:',
    '                        kvmlab ha agent | sudo install -D -m 755 /dev/stdin \\',
    `                          ${vmAgentPath}`,
    'ha export [FILE] [-o F] what the lab brings into the configuration of a cluster, as XML (CIB), which',
    '                        any cluster takes: cibadmin --modify --allow-create --xml-file F,',
    '                        or crm configure load xml update F (pcs has no such command)',
    'ha diff [FILE]          what that would change in the running cluster',
    'ha apply [FILE] --yes   changes it, in one step; without --yes it only shows what',
    'ha status [FILE]        where each VM runs, what failed, who was fenced',
    'ha simulate [FILE] --dies HOST   what would happen then, as Pacemaker works it out (crm_simulate)',
    'ha clear [FILE] [VM…]   has the cluster forget failures of VMs, so that it tries again',
    '',
    'The VMs are those with a "host:", the nodes are the "hosts:" of the lab, by name. Without fencing',
    'nothing is exported: exit code 3. Of a host that is no node, --host NAME asks one of them over ssh;',
    'where no cluster runs, --cib FILE stands for its configuration.',
    'With --json, status prints {quorum, fencing, nodes: [{name, state}], vms: [{vm, state, nodes,',
    'managed, blocked, failures: [{node, count, last}]}], fencings: [{target, action, outcome,',
    'completed}]}, install prints [{host, state: there|installed|copied, command, failure}].',
  ],
  options: [
    { name: 'out', letter: 'o', value: 'FILE', summary: 'Write to FILE instead of standard output (export)' },
    { name: 'host', value: 'NAME', summary: 'Ask the cluster at this host of the lab, over ssh' },
    { name: 'cib', value: 'FILE', summary: 'A configuration that "cibadmin --query" wrote, in place of the cluster’s' },
    { name: 'fencing', value: 'FILE', summary: 'XML with the primitives of fencing devices, which come along' },
    { name: 'user', value: 'NAME', summary: 'Who runs the VMs at the hosts (default: who owns their scripts)' },
    { name: 'unsafe-lab', summary: 'Go on without a fencing device; Pacemaker starts nothing before there is one' },
    { name: 'dies', value: 'HOST', summary: 'The host that dies (simulate)' },
    { name: 'sudo', summary: 'Become root there by sudo, which must not ask for a password (install)' },
    { name: 'yes', summary: 'Change the cluster (apply)' },
    jsonOption,
  ],
  maxOperands: Infinity,
  async run({ operands: [verb = '', ...operands], options }, ports) {
    if (verb === 'agent') {
      ports.out(vmAgent);
      return exitCodes.done;
    }
    const work = Object.entries(verbs).find(([name]) => name === verb)?.[1];
    if (!work) throw new UsageError(`ha does one of: ${Object.keys(verbs).join(', ')}, agent.`);
    const { file, others } = await takeLabFile(operands, ports);
    if (others[0] !== undefined && work !== clear && work !== installAgents)
      throw new UsageError(`${others[0]} is no lab file.`);
    const open = await openSoundLab(file, ports);
    return work({ open, names: others, options, ports, cluster: clusterMeant(open, options.get('host'), ports) });
  },
};

async function exportPart(task: HaTask): Promise<ExitCode> {
  const { options, ports } = task;
  const plan = await safePlan(task, await configurationOrNone(task));
  if (!plan) return exitCodes.already;
  const text = writeXml(plan.part);
  const out = options.get('out');
  if (out === undefined) ports.out(text);
  else await ports.files.write(ports.folder.resolve(out), text);
  return exitCodes.done;
}

async function diff(task: HaTask): Promise<ExitCode> {
  const plan = await safePlan(task, await anyConfiguration(task));
  if (!plan) return exitCodes.already;
  return show(plan, task) ? exitCodes.done : exitCodes.already;
}

/** Prints what differs; false: nothing. */
function show({ before, after }: HaPlan, { open, ports }: HaTask): boolean {
  const changes = labChanges(before, after, open.lab.name);
  ports.out(
    changeLines(changes)
      .map(line => `${printable(line)}\n`)
      .join(''),
  );
  if (changes.length === 0) ports.err(`The cluster is as lab ${printable(open.lab.name)} says.\n`);
  return changes.length > 0;
}

async function apply(task: HaTask): Promise<ExitCode> {
  const { open, options, ports, cluster } = task;
  if (options.has('cib')) throw new UsageError('apply changes the running cluster; --cib is for diff and export.');
  const plan = await safePlan(task, await anyConfiguration(task));
  if (!plan || !show(plan, task)) return exitCodes.already;
  if (!options.has('yes')) {
    ports.err('Nothing was changed. To do it: kvmlab ha apply --yes\n');
    return exitCodes.already;
  }
  const planAgain = async (): Promise<HaPlan> => planFor(task, await anyConfiguration(task));
  await applyPlan(cluster, open.lab.name, plan, planAgain, ports.signal);
  return exitCodes.done;
}

async function status(task: HaTask): Promise<ExitCode> {
  const { open, options, ports, cluster } = task;
  const seen = await clusterStatus(cluster, open.lab.name);
  if (!seen) throw noCluster(task);
  if (options.has('json')) printJson(plainStatus(seen), ports);
  else ports.out(renderStatus(seen));
  return exitCodes.done;
}

async function clear(task: HaTask): Promise<ExitCode> {
  const { open, names, ports, cluster } = task;
  const seen = await clusterStatus(cluster, open.lab.name);
  if (!seen) throw noCluster(task);
  const unknown = names.find(name => !seen.vms.some(({ vm }) => vm === name));
  if (unknown !== undefined)
    throw new UsageError(`The cluster has no VM ${printable(unknown)} of lab ${open.lab.name}.`);
  const failed = seen.vms.filter(
    ({ vm, failures }) => failures.length > 0 && (names.length === 0 || names.includes(vm)),
  );
  for (const vm of failed) {
    await clearFailures(cluster, vm.resource);
    ports.out(`${printable(vm.vm)}: the cluster has forgotten its failures.\n`);
  }
  if (failed.length === 0) ports.err('There are no failures.\n');
  return failed.length > 0 ? exitCodes.done : exitCodes.already;
}

async function simulate(task: HaTask): Promise<ExitCode> {
  const { open, options, ports, cluster } = task;
  const node = options.get('dies');
  const nodes = (open.lab.hosts ?? []).map(({ name }) => name);
  if (node === undefined) throw new UsageError('Which host? Say --dies HOST.');
  if (!nodes.includes(node))
    throw new UsageError(`The lab has no host ${node}. It has: ${nodes.join(', ') || 'none'}.`);
  const plan = await safePlan(task, await configurationOrNone(task));
  if (!plan) return exitCodes.already;
  const simulation = await simulateDeath(cluster, plan.after, { lab: open.lab.name, node, nodes });
  if (options.has('json')) printJson(simulation, ports);
  else
    ports.out(
      simulationWords(node, simulation)
        .map(line => `${printable(line)}\n`)
        .join(''),
    );
  return exitCodes.done;
}
