import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { readDevices } from '../../cluster/configuration.ts';
import { readXml, writeXml, type XmlElement } from '../../cluster/xml.ts';
import type { HaPlan } from '../../runtime/cluster/ha-plan.ts';
import { folderOf } from '../../runtime/paths.ts';
import type { TargetArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { pickHaLab } from './cluster-commands.ts';
import { sound, type ClusterDesk, type ClusterLab } from './cluster-desk.ts';

/** Writes what a lab brings into a cluster to a new file, and shows it. */
export async function exportHa(services: Services, args: TargetArguments): Promise<void> {
  const of = await pickHaLab(services, args, 'Which Lab for a Cluster?');
  if (!of) return;
  const { desk } = await services.cluster();
  const plan = await safePlan(desk, of, (await desk.findIfAny(of))?.cib, services);
  if (!plan) return;
  const uri = await vscode.window.showSaveDialog({
    title: 'Configuration for Pacemaker',
    defaultUri: vscode.Uri.file(`${folderOf(of.path)}/${of.lab.name}.cib.xml`),
    filters: { XML: ['xml'] },
  });
  if (!uri) return;
  await services.files.write(uri.fsPath, writeXml(plan.part));
  await vscode.window.showTextDocument(uri, { preview: false });
  const use = `A node takes it with: cibadmin --modify --allow-create --xml-file ${uri.fsPath}`;
  void vscode.window.showInformationMessage([use, ...plan.remarks].join('\n'));
}

const fromFile = 'Take Devices from a File…';
const without = 'Export Without';

/** Without fencing only if the user insists. Undefined: the user thought better of it. */
async function safePlan(
  desk: ClusterDesk,
  of: ClusterLab,
  cluster: XmlElement | undefined,
  services: Services,
): Promise<HaPlan | undefined> {
  const plan = desk.plan(of, cluster);
  if (plan.refusals.length === 0) return plan;
  // What is left then does not go away with fencing.
  const unsafe = sound(desk.plan(of, cluster, { isUnsafe: true }));
  const detail = plan.refusals.join('\n');
  const question = `Without fencing a VM of ${of.lab.name} could run twice.`;
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, fromFile, without);
  if (answer === without) return unsafe;
  const devices = answer === fromFile ? await pickDevices(services) : undefined;
  return devices && sound(desk.plan(of, cluster, { devices }));
}

async function pickDevices({ files }: Services): Promise<readonly XmlElement[] | undefined> {
  const [uri] = (await vscode.window.showOpenDialog({ title: 'Fencing Devices', filters: { XML: ['xml'] } })) ?? [];
  if (!uri) return undefined;
  const root = readXml((await files.read(uri.fsPath)) ?? '');
  const devices = root && readDevices(root);
  if (devices) return devices;
  throw new UserError(
    `${uri.fsPath} holds no fencing devices, or other things too. Write <resources> around one or more <primitive class="stonith" …>.`,
  );
}
