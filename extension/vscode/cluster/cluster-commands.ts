import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { labChanges, labText } from '../../cluster/configuration.ts';
import { simulationWords } from '../../cluster/simulation.ts';
import { applyPlan } from '../../runtime/cluster/apply-plan.ts';
import { clearFailures, runningConfiguration, simulateDeath } from '../../runtime/cluster/cluster.ts';
import type { HaPlan } from '../../runtime/cluster/ha-plan.ts';
import { folderOf } from '../../runtime/paths.ts';
import { count } from '../../runtime/views/tree-node.ts';
import type { TargetArguments } from '../commands.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { pickLab } from '../snapshots/pick-point.ts';
import { rowOf, thingsOf } from '../targets.ts';
import { sound, type ClusterLab, type ConfiguredCluster } from './cluster-desk.ts';

/** Shows what a lab would change in its cluster, in the diff editor; from there it can be done. */
export async function showHaDiff(services: Services, args: TargetArguments): Promise<void> {
  const of = await pickHaLab(services, args, 'Cluster of Which Lab?');
  if (!of) return;
  const { desk } = await services.cluster();
  const cluster = await desk.find(of);
  const plan = sound(desk.plan(of, cluster.cib));
  const { name } = of.lab;
  const changes = labChanges(plan.before, plan.after, name).length;
  if (changes === 0) {
    void vscode.window.showInformationMessage(`The cluster is as lab ${name} says.`);
    return;
  }
  const file = `${folderOf(of.path)}/${name}.cib.xml`;
  const hold = (what: string, cib: HaPlan['before']) => services.scriptTexts.hold(file, what, labText(cib, name));
  const [before, after] = [hold('in the cluster', plan.before), hold('as the lab file says', plan.after)];
  await vscode.commands.executeCommand('vscode.diff', before, after, `${name}: cluster ↔ lab file`);
  void offerToApply(services, of, cluster, plan, changes).catch(services.report);
}

/** The command is over; nobody has to answer. */
async function offerToApply(
  services: Services,
  of: ClusterLab,
  { tools, at }: ConfiguredCluster,
  plan: HaPlan,
  changes: number,
): Promise<void> {
  const where = at === undefined ? 'the cluster' : `the cluster of ${at}`;
  const words = [`${of.lab.name}: ${count(changes, 'change')} to ${where}.`, ...plan.remarks].join(' ');
  const apply = 'Apply to Cluster';
  if ((await vscode.window.showInformationMessage(words, apply)) !== apply) return;
  const { desk, changed } = await services.cluster();
  await withProgress(`Changing ${where}`, (_report, signal) =>
    applyPlan(tools, of.lab.name, plan, async () => desk.plan(of, await runningConfiguration(tools)), signal),
  );
  changed(of.path);
}

/** Shows what would happen if one of the lab's hosts died. */
export async function simulateHa(services: Services, args: TargetArguments): Promise<void> {
  const of = await pickHaLab(services, args, 'Simulate the Cluster of Which Lab?');
  const hosts = (of?.lab.hosts ?? []).map(({ name }) => name);
  const row = rowOf(args);
  const node =
    row?.contextValue === 'cluster.node' && hosts.includes(row.label)
      ? row.label
      : of && (await vscode.window.showQuickPick(hosts, { title: 'What if This Host Died?' }));
  if (!of || node === undefined) return;
  const { desk } = await services.cluster();
  const cluster = await desk.findIfAny(of);
  const { name } = of.lab;
  const plan = sound(desk.plan(of, cluster?.cib));
  const tools = cluster?.tools ?? desk.here;
  const simulation = await simulateDeath(tools, plan.after, { lab: name, node, nodes: hosts });
  const from = cluster ? 'from what runs now' : 'with all hosts up, as no cluster answers';
  const text = [`If ${node} died (worked out by Pacemaker, ${from}):`, '', ...simulationWords(node, simulation)];
  const uri = services.scriptTexts.hold(
    `${folderOf(of.path)}/${name}, if ${node} died.txt`,
    '',
    `${text.join('\n')}\n`,
  );
  await vscode.window.showTextDocument(uri, { preview: true });
}

/** Has the cluster forget what failed, of a VM or of all of the lab. */
export async function clearHaFailures(services: Services, args: TargetArguments): Promise<void> {
  const of = await pickHaLab(services, args, 'Clear Failures of Which Lab?');
  if (!of) return;
  const names = thingsOf(args, services.store.labs).flatMap(({ kind, name }) => (kind === 'vm' ? [name] : []));
  const { desk, changed } = await services.cluster();
  const { tools, status } = await desk.find(of);
  const failed = status.vms.filter(
    ({ vm, failures }) => failures.length > 0 && (names.length === 0 || names.includes(vm)),
  );
  if (failed.length === 0) throw new UserError(`In the cluster nothing has failed of lab ${of.lab.name}.`);
  for (const { resource } of failed) await clearFailures(tools, resource);
  changed(of.path);
  const vms = failed.map(({ vm }) => vm).join(', ');
  void vscode.window.showInformationMessage(`The cluster has forgotten the failures of ${vms}, and tries again.`);
}

export async function pickHaLab(
  services: Services,
  args: TargetArguments,
  title: string,
): Promise<ClusterLab | undefined> {
  const path = await pickLab(services, args, title);
  return path === undefined ? undefined : (await services.cluster()).desk.open(path);
}
