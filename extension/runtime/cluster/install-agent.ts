import { UserError } from '../../base/user-error.ts';
import { encodeUtf8 } from '../../console/utf8.ts';
import type { LabHost } from '../../lab/hosts/lab-host.ts';
import { vmAgent, vmAgentPath } from '../../script/ha/agent.ts';
import { quote } from '../../script/quote.ts';
import { done } from '../hosts/deploy.ts';
import { putProgram, shell } from '../hosts/remote-programs.ts';
import type { RemoteHosts } from '../remote-ports.ts';
import { FarClusterTools } from './far-cluster.ts';

/** What became of the resource agent at a host. */
export interface AgentAtHost {
  /** `copied`: it lies in the folder of scripts there, and only root can put it where Pacemaker looks for it. */
  readonly state: 'there' | 'installed' | 'copied';
  /** What a user who may become root runs here to install it. */
  readonly line: string;
}

/**
 * Sees to it that Pacemaker finds ocf:kvmlab:vm at a host, as it is now. It becomes root there only with `withSudo`, and never
 * asks for a password.
 */
export async function installAgent(hosts: RemoteHosts, host: LabHost, withSudo: boolean): Promise<AgentAtHost> {
  const file = `${host.scripts.replace(/\/+$/, '')}/ocf-kvmlab-vm`;
  const words = ['install', '-D', '-m', '755', file, vmAgentPath];
  const line = `ssh -t ${quote(host.ssh)} ${quote(['sudo', ...words].map(quote).join(' '))}`;
  const [uid, sum] = done(host, await hosts.run(host, shell(lookProgram, vmAgentPath))).split(/\s+/);
  if (sum === hosts.digest(vmAgent)) {
    await expectFound(hosts, host);
    return { state: 'there', line };
  }
  const bytes = String(encodeUtf8(vmAgent).length);
  done(host, await hosts.run(host, shell(putProgram, file, bytes), { input: vmAgent }));
  if (!withSudo) return { state: 'copied', line };
  const installed = await hosts.run(host, uid === '0' ? words : ['sudo', '-n', ...words]);
  if (installed.code !== 0)
    throw new UserError(
      `Host ${host.name} does not let you become root without a password: ${installed.errors.trim()}. Run: ${line}`,
    );
  await expectFound(hosts, host);
  return { state: 'installed', line };
}

/** AGENT: prints who one is there, and the sum of the agent if it can be run. */
const lookProgram = `id -u
[ ! -x "$1" ] || sha256sum -- "$1" | cut -d ' ' -f 1`;

/** Asks Pacemaker there for what the agent tells of itself. */
async function expectFound(hosts: RemoteHosts, host: LabHost): Promise<void> {
  const tools = new FarClusterTools(hosts, host);
  const { code, printed, errors } = await tools.run('crm_resource', ['--show-metadata', 'ocf:kvmlab:vm']);
  if (code === 0 && printed.includes('<resource-agent name="vm"')) return;
  const said = (errors.trim() || printed.trim()).split('\n').at(-1) ?? '';
  throw new UserError(`Host ${host.name} has the agent, but Pacemaker there does not find it: ${said}`);
}
