import { UserError } from '../../base/user-error.ts';
import { readStatus, type ClusterStatus } from '../../cluster/cluster-status.ts';
import { readSimulation, type Simulation } from '../../cluster/simulation.ts';
import { readXml, writeXml, type XmlElement } from '../../cluster/xml.ts';
import type { ClusterAnswer, ClusterProgram, ClusterTools } from '../cluster-ports.ts';

/** Pacemaker's exit codes for a cluster that does not answer, and that does not answer whoever asks. */
const silences = new Set([102, 4]);

/** The configuration of the running cluster. Undefined: no cluster runs here. */
export async function runningConfiguration(tools: ClusterTools): Promise<XmlElement | undefined> {
  const answer = await tools.run('cibadmin', ['--query']);
  if (silences.has(answer.code)) return undefined;
  if (answer.code !== 0) throw failed('cibadmin', answer);
  return readAnswer('cibadmin', answer);
}

/** The same, and undefined also where nothing of Pacemaker is. */
export async function configurationIfAny(tools: ClusterTools): Promise<XmlElement | undefined> {
  try {
    return await runningConfiguration(tools);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Undefined: no cluster runs here. */
export async function clusterStatus(tools: ClusterTools, lab: string): Promise<ClusterStatus | undefined> {
  const answer = await tools.run('crm_mon', ['--one-shot', '--output-as=xml']);
  if (silences.has(answer.code)) return undefined;
  const status = readStatus(readAnswer('crm_mon', answer), lab);
  if (!status) throw failed('crm_mon', answer);
  return status;
}

/** What would happen if a node died. In a cluster that has no state yet all nodes are up, and all runs, before. */
export async function simulateDeath(
  tools: ClusterTools,
  cib: XmlElement,
  of: { readonly lab: string; readonly node: string; readonly nodes: readonly string[] },
): Promise<Simulation> {
  const isNew = !cib.children.some(({ name, children }) => name === 'status' && children.length > 0);
  const input = isNew ? await tools.settled(writeXml(cib), of.nodes) : writeXml(cib);
  const args = ['--xml-pipe', '--simulate', '--node-fail', of.node, '--output-as=xml'];
  const answer = await tools.run('crm_simulate', args, { input });
  const simulation = answer.code === 0 && readSimulation(readAnswer('crm_simulate', answer), of.lab);
  if (!simulation) throw failed('crm_simulate', answer);
  return simulation;
}

/** Throws what Pacemaker has against a configuration. */
export async function verify(tools: ClusterTools, cib: XmlElement): Promise<void> {
  const answer = await tools.run('crm_verify', ['--xml-pipe', '--verbose'], { input: writeXml(cib) });
  if (answer.code !== 0) throw failed('crm_verify', answer);
}

/** Makes one configuration of the other in one step; false: the cluster has another one by now. */
export async function change(tools: ClusterTools, before: XmlElement, after: XmlElement): Promise<boolean> {
  const patch = await tools.difference(writeXml(before), writeXml(nextVersion(after)));
  if (patch === '') return true;
  const answer = await tools.run('cibadmin', ['--patch', '--xml-pipe'], { input: patch });
  if (answer.code === 0) return true;
  if (staleCodes.has(answer.code)) return false;
  throw failed('cibadmin', answer);
}

/** A cluster takes only what is newer than what it has; with the versions in it, a patch fits nothing but `before`. */
const nextVersion = (cib: XmlElement): XmlElement => ({
  ...cib,
  attributes: { ...cib.attributes, epoch: String(Number(cib.attributes['epoch']) + 1), num_updates: '0' },
});

/** Has the cluster forget what failed of a resource, so that it tries again. */
export async function clearFailures(tools: ClusterTools, resource: string): Promise<void> {
  const answer = await tools.run('crm_resource', ['--cleanup', '--resource', resource]);
  if (answer.code !== 0) throw failed('crm_resource', answer);
}

/** "Update was older than existing configuration", "Application of an update diff failed", and that with a resync. */
const staleCodes = new Set([103, 104, 105, 106]);

function readAnswer(program: ClusterProgram, answer: ClusterAnswer): XmlElement {
  const root = readXml(answer.printed);
  if (!root) throw failed(program, answer);
  return root;
}

function failed(program: ClusterProgram, { code, printed, errors }: ClusterAnswer): UserError {
  const said = (errors.trim() || printed.trim()).split('\n').slice(-8).join('\n');
  return new UserError(`${program} ended with exit code ${code}: ${said.slice(0, 2000) || 'it said nothing'}`);
}
