import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** Colours of one picture: three bytes a pixel, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

/** What QEMU itself says of a VM's screen, asked through its QMP socket. */
export class QmpScreen {
  private readonly socket: string;

  constructor(socket: string) {
    this.socket = socket;
  }

  /** The screen as it is now. */
  async picture(): Promise<Picture> {
    const filename = `${this.socket}.ppm`;
    await this.ask('screendump', { filename });
    const ppm = await readFile(filename);
    await rm(filename);
    return parsePpm(ppm);
  }

  /** The first characters of the screen in text mode: every other byte of VGA's memory, the rest are colours. */
  async text(length: number): Promise<string> {
    const command = `xp /${2 * length}xb 0xb8000`;
    const lines = String(await this.ask('human-monitor-command', { 'command-line': command }));
    const bytes = [...lines.matchAll(/ 0x([0-9a-f]{2})\b/g)].map(([, hex]) => Number.parseInt(hex!, 16));
    return String.fromCharCode(...bytes.filter((_, at) => at % 2 === 0)).trimEnd();
  }

  private async ask(execute: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    const socket = connect(this.socket);
    await once(socket, 'connect');
    const answers = createInterface(socket)[Symbol.asyncIterator]();
    const next = async (): Promise<Record<string, unknown>> => {
      const answer: IteratorResult<string, unknown> = await answers.next();
      if (answer.done) throw new Error(`QEMU hung up while asked to ${execute}`);
      return JSON.parse(answer.value) as Record<string, unknown>;
    };
    try {
      await next();
      for (const command of [{ execute: 'qmp_capabilities' }, { execute, arguments: args }]) {
        socket.write(`${JSON.stringify(command)}\n`);
        let answer = await next();
        while ('event' in answer) answer = await next();
        if ('error' in answer) throw new Error(`QEMU refused to ${execute}: ${JSON.stringify(answer['error'])}`);
        if (command.execute === execute) return answer['return'];
      }
      return undefined;
    } finally {
      socket.destroy();
    }
  }
}

/** Binary PPM: `P6`, width, height and 255 in text, then the colours. */
function parsePpm(ppm: Buffer): Picture {
  const [head, width, height] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppm.toString('latin1', 0, 100)) ?? [];
  if (head === undefined) throw new Error('QEMU wrote something else than a PPM');
  return { width: Number(width), height: Number(height), rgb: ppm.subarray(head.length) };
}
