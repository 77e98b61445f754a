import type { CancelSignal } from '../base/cancel.ts';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { UserError } from '../base/user-error.ts';
import type { ManagementDialer, ManagementListener } from '../runtime/host.ts';
import type { ManagementAnswer } from '../vde/management.ts';
import { switchCommands } from '../vde/switch-commands.ts';
import { ManagementConnection, type ConnectionLimits } from './management-connection.ts';

/** Keeps one connection per management socket, shared by all who ask or listen, and hangs up after a while. */
export class SocketManagementDialer implements ManagementDialer, Disposable {
  private readonly limits: ConnectionLimits;
  private readonly connections = new Map<string, ManagementConnection>();

  constructor(limits: Partial<ConnectionLimits> = {}) {
    this.limits = { answerMs: 3_000, idleMs: 5_000, ...limits };
  }

  async ask(socket: string, commands: readonly string[], signal?: CancelSignal): Promise<readonly string[]> {
    const data: string[] = [];
    for (const command of commands) {
      const answer = await this.exchange(socket, command, signal);
      // 9999 ends the session: the answer to logout and shutdown.
      if (answer.code !== 1000 && answer.code !== 9999)
        throw new UserError(`${socket} refused "${command}": ${answer.text} (${answer.code ?? 'no code'}).`);
      data.push(answer.data);
    }
    return data;
  }

  async exchange(socket: string, command: string, signal?: CancelSignal): Promise<ManagementAnswer> {
    const held = this.connections.get(socket);
    if (!held) return this.open(socket).send(command, signal);
    try {
      return await held.send(command, signal);
    } catch (error) {
      // The switch went since it was last asked; another one may have taken its place.
      if (!held.isHungUp || signal?.aborted) throw error;
      return (this.connections.get(socket) ?? this.open(socket)).send(command, signal);
    }
  }

  listen(socket: string, categories: readonly string[], { onNews, onEnd }: ManagementListener): Disposable {
    const owned = new DisposableStore();
    const connection = this.connections.get(socket) ?? this.open(socket);
    owned.add(connection.hold());
    owned.add(connection.onNews(onNews));
    const end = (): void => {
      owned.dispose();
      onEnd();
    };
    owned.add(connection.onEnd(end));
    for (const category of categories) {
      // What fails here has ended the connection, which is told by onEnd.
      connection.send(switchCommands.addNews(category).line).catch(() => undefined);
    }
    return owned;
  }

  dispose(): void {
    for (const connection of [...this.connections.values()]) connection.dispose();
  }

  private open(socket: string): ManagementConnection {
    const connection = new ManagementConnection(socket, this.limits);
    this.connections.set(socket, connection);
    connection.onEnd(() => {
      if (this.connections.get(socket) === connection) this.connections.delete(socket);
    });
    return connection;
  }
}
