import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { displayDialer, farConsoles, type HostParts } from './compose-hosts.ts';
import { systemClock } from './host/clock.ts';
import { TelnetDialer } from './host/console-dialer.ts';
import { LogFile } from './host/console-log.ts';
import { SocketShares } from './host/console-share.ts';
import { LinuxPortHolders } from './host/port-holder.ts';
import { UnixSocketDialer } from './host/socket-dialer.ts';
import type { ByteSession } from './runtime/console/byte-session.ts';
import { ConsoleSession } from './runtime/console/console-session.ts';
import type { ConsoleTarget } from './runtime/console/console-target.ts';
import { MonitorSession } from './runtime/console/monitor-session.ts';
import { targetThing, type TerminalTarget } from './runtime/console/terminal-target.ts';
import type { ConsoleDialer } from './runtime/console-ports.ts';
import { DisplaySession } from './runtime/display/display-session.ts';
import type { Destination } from './runtime/remote-ports.ts';
import type { ThingRef } from './runtime/state.ts';
import type { LabStore } from './runtime/store.ts';
import { SwitchSession } from './runtime/switches/switch-session.ts';
import { ConsoleTerminals } from './vscode/consoles/console-terminals.ts';
import type { MonitorHistory } from './vscode/consoles/monitor-memory.ts';
import { DisplayPanels } from './vscode/display/display-panels.ts';

interface ConsoleParts extends HostParts {
  readonly store: LabStore;
  /** The folder over all run-time folders. */
  readonly root: string;
}

/** The terminals on consoles. */
export function composeConsoles(parts: ConsoleParts, history: MonitorHistory): ConsoleTerminals {
  const { store, root } = parts;
  const sharesOf = (host?: Destination) => new SocketShares(root, 'VS Code', host?.ssh);
  const [shares, holders] = [sharesOf(), new LinuxPortHolders()];
  const logOf = ({ logPath }: ConsoleTarget) => (logPath === undefined ? undefined : new LogFile(logPath));
  const thingOf = (target: TerminalTarget): ThingRef | undefined => targetThing(target);
  const makeSession = (target: TerminalTarget): ByteSession => {
    if (target.kind === 'switch')
      return new SwitchSession(new ConsoleSession(dialSocket(target.socket), systemClock, 0));
    const session = target.host
      ? new ConsoleSession(farConsoles(parts, target), systemClock, target.port, { shares: sharesOf(target.host) })
      : new ConsoleSession(new TelnetDialer(), systemClock, target.port, { shares, holders, log: logOf(target) });
    const thing = target.kind === 'monitor' ? thingOf(target) : undefined;
    return thing ? new MonitorSession(session, history.linesOf(thing)) : session;
  };
  return new ConsoleTerminals({
    clock: systemClock,
    makeSession,
    stateOf: target => {
      const thing = thingOf(target);
      return thing && store.stateOf(thing);
    },
    start: target => void vscode.commands.executeCommand('kvmlab.start', thingOf(target)),
  });
}

/** A switch takes any number of clients and speaks no telnet, which the session lets through as it is. */
const dialSocket = (socket: string): ConsoleDialer => {
  const dialer = new UnixSocketDialer();
  return { open: (_port, signal) => dialer.open(socket, signal) };
};

/** The tabs that show VMs' screens. */
export function composeDisplays({ extensionUri }: vscode.ExtensionContext, parts: ConsoleParts): DisplayPanels {
  const { store } = parts;
  return new DisplayPanels({
    store,
    extensionUri,
    nonce: () => randomBytes(16).toString('base64'),
    host: {
      makeSession: target => new DisplaySession(displayDialer(parts, target), systemClock, target.port),
      runState: ({ lab, vm }) => store.lab(lab)?.vms.get(vm),
      isTrusted: () => vscode.workspace.isTrusted,
      start: ({ lab, vm }) => void vscode.commands.executeCommand('kvmlab.start', { lab, kind: 'vm', name: vm }),
      clipboard: vscode.env.clipboard,
    },
  });
}
