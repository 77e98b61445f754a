import type { CancelSignal } from '../../base/cancel.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { commonScript, switchFiles } from '../../lab/layout.ts';
import type { LabHost } from '../../lab/hosts/lab-host.ts';
import type { ConsoleLink, SocketDialer } from '../console-ports.ts';
import type { ManagementDialer } from '../host.ts';
import { done } from '../hosts/deploy.ts';
import { scriptWords } from '../hosts/far-scripts.ts';
import type { RemoteHosts } from '../remote-ports.ts';

export interface FarSwitchParts {
  readonly remote: RemoteHosts;
  readonly sockets: SocketDialer;
  readonly management: ManagementDialer;
  readonly signal: CancelSignal;
}

/**
 * The management socket of a switch of another host, as a socket of this one in a folder of its own. When the way there
 * breaks it is made anew as soon as somebody connects.
 */
export class FarSwitch implements Disposable {
  /** The socket here, for whom `sockets` and `management` are. */
  readonly socket: string;
  readonly sockets: SocketDialer;
  readonly management: ManagementDialer;
  /** The same for all who are connected to this switch. */
  readonly identity: string;
  private readonly owned = new DisposableStore();
  private readonly parts: FarSwitchParts;
  private readonly host: LabHost;
  private readonly there: string;
  private way: Disposable | undefined;
  private making: Promise<void> | undefined;
  private isDisposed = false;

  private constructor(
    parts: FarSwitchParts,
    host: LabHost,
    there: string,
    folder: Disposable & { readonly path: string },
  ) {
    this.parts = parts;
    this.host = host;
    this.there = there;
    this.owned.add(folder);
    this.socket = `${folder.path}/switch.mgmt`;
    this.identity = `${host.ssh}:${there}`;
    this.sockets = { open: (socket, signal) => this.open(socket, signal) };
    const { management } = parts;
    this.management = {
      ask: async (socket, ...order) => management.ask(await this.reached(socket), ...order),
      exchange: async (socket, ...order) => management.exchange(await this.reached(socket), ...order),
      listen: (...order) => management.listen(...order),
    };
  }

  /** Rejects with a UserError if the host does not answer, or has no scripts of the lab. */
  static async reach(parts: FarSwitchParts, host: LabHost, lab: string, name: string): Promise<FarSwitch> {
    const { remote, signal } = parts;
    const words = scriptWords(host, { name: lab }, commonScript, ['folder', lab]);
    const folder = done(host, await remote.run(host, words, { signal })).trim();
    const own = await remote.privateFolder();
    return new FarSwitch(parts, host, `${folder}/${switchFiles(name).management}`, own);
  }

  dispose(): void {
    this.isDisposed = true;
    this.way?.dispose();
    this.owned.dispose();
  }

  private async reached(socket: string): Promise<string> {
    (await this.open(socket)).dispose();
    return socket;
  }

  private async open(socket: string, signal?: CancelSignal): Promise<ConsoleLink> {
    const { sockets } = this.parts;
    if (this.way) {
      try {
        return await sockets.open(socket, signal);
      } catch {
        // Its ssh has ended, and left the socket behind.
      }
    }
    await (this.making ??= this.makeWay().finally(() => (this.making = undefined)));
    return sockets.open(socket, signal);
  }

  private async makeWay(): Promise<void> {
    this.way?.dispose();
    this.way = undefined;
    const way = await this.parts.remote.forward(this.host, this.socket, this.there, this.parts.signal);
    this.way = way;
    if (this.isDisposed) way.dispose();
  }
}
