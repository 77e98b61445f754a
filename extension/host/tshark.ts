import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { promisify } from 'node:util';
import { StringDecoder } from 'node:string_decoder';
import { Emitter } from '../base/emitter.ts';
import type { LineDecoder, PacketDecoders, PacketLine } from '../runtime/capture-ports.ts';

/**
 * Four columns in an order of our own (tshark draws an arrow between source and destination where they meet); names are
 * never looked up. Of standard input as a file: as an interface, tshark would write all of it to disk.
 */
const lineArgs = [
  ...['-r', '-', '-l', '-n', '-q', '-P', '-T', 'tabs', '-o'],
  'gui.column.format:"Source","%s","Protocol","%p","Destination","%d","Info","%i"',
  // Else what tshark knows of the streams that it has seen grows for ever.
  ...['-M', '50000'],
];
const longestLine = 64 * 1024;

/** Decodes frames by tshark, Wireshark's program for terminals. */
export class Tshark implements PacketDecoders {
  private readonly program: string;

  constructor(program = 'tshark') {
    this.program = program;
  }

  async lines(): Promise<LineDecoder | undefined> {
    try {
      await promisify(execFile)(this.program, ['--version'], { timeout: 10_000 });
    } catch {
      return undefined;
    }
    return new TsharkLines(this.start(lineArgs));
  }

  async detail(pcap: Uint8Array): Promise<string | undefined> {
    const child = this.start(['-r', '-', '-n', '-T', 'pdml']);
    const pieces: Buffer[] = [];
    child.stderr.resume();
    child.stdin.on('error', () => undefined);
    child.stdin.end(pcap);
    for await (const piece of child.stdout) pieces.push(piece as Buffer);
    return pieces.length === 0 ? undefined : Buffer.concat(pieces).toString();
  }

  /** tshark reads no sockets, which is what Node's pipes to children are: `cat` makes a pipe of them. */
  private start(args: readonly string[]): ChildProcessWithoutNullStreams {
    return spawn('/bin/sh', ['-c', 'cat | "$0" "$@"', this.program, ...args], { stdio: 'pipe' });
  }
}

class TsharkLines implements LineDecoder {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly decoder = new StringDecoder('utf8');
  private readonly read = new Emitter<readonly PacketLine[]>();
  private readonly ended = new Emitter<void>();
  readonly onLines = this.read.event;
  readonly onEnd = this.ended.event;
  private rest = '';

  constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
    child.once('error', () => this.ended.fire());
    child.stdin.on('error', () => undefined);
    child.stderr.resume();
    child.stdout.on('data', (bytes: Buffer) => this.take(this.decoder.write(bytes)));
    child.once('close', () => this.ended.fire());
  }

  write(bytes: Uint8Array): void {
    this.child.stdin.write(bytes);
  }

  dispose(): void {
    this.ended.dispose();
    this.read.dispose();
    // It ends when there is no more to read.
    this.child.stdin.destroy();
    this.child.stdout.resume();
  }

  private take(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = (lines.pop() ?? '').slice(0, longestLine);
    const read = lines.map(line => {
      const [source = '', protocol = '', destination = '', ...info] = line.split('\t').map(column => column.trim());
      return { source, destination, protocol, info: info.join(' ') };
    });
    if (read.length > 0) this.read.fire(read);
  }
}
