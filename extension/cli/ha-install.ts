import { UserError } from '../base/user-error.ts';
import { installAgent, type AgentAtHost } from '../runtime/cluster/install-agent.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, printJson, type ExitCode } from './command.ts';
import { hostMeant, type HaTask } from './ha-task.ts';
import { printable } from './text-table.ts';

interface Installed {
  readonly host: string;
  readonly agent: AgentAtHost | undefined;
  /** Why it could not be done, for people. */
  readonly failure: string | undefined;
}

/** Puts the resource agent where Pacemaker finds it, at the hosts that are named, or at all of the lab. */
export async function installAgents({ open, names, options, ports }: HaTask): Promise<ExitCode> {
  const all = open.lab.hosts ?? [];
  if (all.length === 0) throw new UsageError(`Lab ${open.lab.name} has no other hosts. Add them under "hosts:".`);
  const hosts = names.length === 0 ? all : names.map(name => hostMeant(open, name));
  const installed = await Promise.all(
    hosts.map(async (host): Promise<Installed> => {
      try {
        const agent = await installAgent(ports.remote, host, options.has('sudo'));
        return { host: host.name, agent, failure: undefined };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { host: host.name, agent: undefined, failure: error.message };
      }
    }),
  );
  if (options.has('json')) printJson(installed.map(plain), ports);
  else for (const one of installed) (one.failure === undefined ? ports.out : ports.err)(`${printable(wordsOf(one))}\n`);
  return exitCodeOf(installed);
}

function wordsOf({ host, agent, failure }: Installed): string {
  switch (agent?.state) {
    case 'there':
      return `host ${host}: Pacemaker finds the agent, as it is now.`;
    case 'installed':
      return `host ${host}: installed; Pacemaker finds it.`;
    case 'copied':
      return `host ${host}: only root can install it. Run, or say --sudo: ${agent.line}`;
    case undefined:
      return failure ?? '';
  }
}

const plain = ({ host, agent, failure }: Installed) => ({
  host,
  state: agent?.state,
  command: agent?.state === 'copied' ? agent.line : undefined,
  failure,
});

function exitCodeOf(installed: readonly Installed[]): ExitCode {
  if (installed.some(({ failure }) => failure !== undefined)) return exitCodes.failed;
  return installed.some(({ agent }) => agent?.state === 'installed') ? exitCodes.done : exitCodes.already;
}
