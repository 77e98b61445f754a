import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const banner = 'VDE switch V.2.3.2\n(C) Virtual Square Team (coord. R. Davoli) 2005,2006,2007 - GPLv2\n\nvde$ ';

/**
 * Answers on a management socket as a vde_switch does. An answer with `|` in it is sent in pieces, cut there;
 * a piece `EOF` hangs up.
 */
export class FakeSwitch {
  /** What came in, one entry for each write of the other side. */
  readonly writes: string[] = [];
  /** How often somebody connected. */
  connected = 0;
  private readonly open = new Set<net.Socket>();
  private readonly awaited = new Map<string, () => void>();
  private readonly answers: Readonly<Record<string, string>>;
  private readonly server = net.createServer(connection => {
    this.connected += 1;
    this.open.add(connection);
    connection.on('close', () => this.open.delete(connection));
    connection.on('error', () => connection.destroy());
    connection.on('data', bytes => void this.answer(connection, bytes.toString()));
    connection.write(banner);
  });

  constructor(answers: Readonly<Record<string, string>>) {
    this.answers = answers;
  }

  get connections(): number {
    return this.open.size;
  }

  listen(path: string): Promise<void> {
    return new Promise(resolve => this.server.listen(path, resolve));
  }

  /** Waits until nobody is connected any more. */
  async idle(): Promise<void> {
    while (this.open.size > 0) await sleep(5);
  }

  /** The moment in which this is written, before anything else happens. */
  written(write: string): Promise<void> {
    return new Promise(resolve => this.awaited.set(write, resolve));
  }

  async stop(): Promise<void> {
    for (const connection of this.open) connection.destroy();
    if (this.server.listening) await new Promise(resolve => this.server.close(resolve));
  }

  private async answer(connection: net.Socket, write: string): Promise<void> {
    this.writes.push(write);
    this.awaited.get(write)?.();
    const answer = this.answers[write.trimEnd()] ?? '1038 Function not implemented\n\nvde$ ';
    for (const piece of answer.split('|')) {
      if (piece === 'EOF') connection.end();
      else if (piece !== '') connection.write(piece);
      await sleep(10);
    }
  }
}
