import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { UserError } from '../../base/user-error.ts';
import type { Frame } from '../../packets/pcap.ts';
import { PacketStream, type SwitchFrame } from '../../vde/packet-stream.ts';
import type { SwitchPort } from '../../vde/port-table.ts';
import { switchCommands } from '../../vde/switch-commands.ts';
import type { CaptureSource } from './capture-source.ts';
import type { Clock, ManagementDialer } from '../host.ts';
import type { ConsoleLink, SocketDialer } from '../console-ports.ts';
import { askSwitch } from '../switches/switch-look.ts';
import { loadPlugin } from '../switches/switch-plugins.ts';

export interface SwitchCaptureParts {
  readonly management: ManagementDialer;
  readonly sockets: SocketDialer;
  readonly clock: Clock;
  /** Whether another process of ours captures at the same switch. */
  readonly isShared: () => boolean;
}

export interface SwitchCaptureTarget {
  readonly name: string;
  /** Its management socket. */
  readonly socket: string;
  /** Undefined: the whole switch. */
  readonly port: number | undefined;
  /** The other host that it is on. */
  readonly host?: string;
}

const retryMs = 300;
/** Somebody else who ends a capture may switch the plugin off under us, so it is told again and again. */
const remindMs = 2_000;
/** What is on its way between two looks at the counters. */
const inFlight = 5;

/**
 * Frames from a switch, by VDE's plugin `dump`, which tells each frame as text on the management connection that asked
 * for it and forgets that with the connection. Of a port: all that goes in and out. Of a switch: each frame once, as it
 * came in. A switch that is started again is asked again.
 */
export class SwitchCapture implements CaptureSource {
  private readonly target: SwitchCaptureTarget;
  private readonly parts: SwitchCaptureParts;
  private readonly frames = new Emitter<readonly Frame[]>();
  private readonly ended = new Emitter<string>();
  private readonly news = new Emitter<string>();
  readonly onFrames = this.frames.event;
  readonly onEnd = this.ended.event;
  readonly onNews = this.news.event;
  private link: ConsoleLink | undefined;
  private timer: Disposable | undefined;
  private seen = 0;
  /** What the switch had counted when we began, less what we had seen. */
  private base: number | undefined;
  private isClosed = false;

  constructor(target: SwitchCaptureTarget, parts: SwitchCaptureParts) {
    this.target = target;
    this.parts = parts;
  }

  async open(): Promise<void> {
    const { name, socket, port } = this.target;
    const { management } = this.parts;
    await loadPlugin(management, name, socket, 'dump');
    await this.listen(port === undefined ? 'dump/packetin' : 'dump');
    await management.ask(socket, ['dump/active 1']);
    this.base = (await this.counted()) - this.seen;
    this.remind();
  }

  async close(): Promise<{ readonly lost: number }> {
    if (this.isClosed) return { lost: 0 };
    this.isClosed = true;
    this.timer?.dispose();
    const isUp = this.link !== undefined;
    const lost = isUp ? await this.missing() : 0;
    this.link?.dispose();
    this.link = undefined;
    if (isUp && !this.parts.isShared())
      await this.parts.management.ask(this.target.socket, ['dump/active 0']).catch(() => undefined);
    return { lost };
  }

  /** Connects, and says what we want to hear. */
  private async listen(category: string): Promise<void> {
    const { name, socket } = this.target;
    const link = await this.parts.sockets.open(socket);
    const stream = new PacketStream();
    await new Promise<void>((resolve, reject) => {
      let isAsked = false;
      const fail = (reason: string): void => {
        link.dispose();
        reject(new UserError(`Nothing can be captured on switch ${name}: ${reason}.`));
      };
      const limit = this.parts.clock.after(5_000, () => fail('it gives no answer'));
      link.onClose(() => fail('it hung up'));
      link.onData(bytes => {
        const frames: SwitchFrame[] = [];
        for (const one of stream.push(bytes)) {
          if (one.kind === 'frame') frames.push(one.frame);
          else if (one.kind === 'ready' && !isAsked) {
            isAsked = true;
            link.write(ascii(`debug/add ${category}\n`));
          } else if (one.kind === 'answer') {
            limit.dispose();
            if (one.code === 1000) resolve();
            else fail(one.text);
          }
        }
        this.take(frames);
      });
    });
    this.link = link;
    link.onClose(() => this.lose());
  }

  private take(frames: readonly SwitchFrame[]): void {
    const wanted = frames.filter(({ port }) => this.target.port === undefined || port === this.target.port);
    if (wanted.length === 0 || this.isClosed) return;
    this.seen += wanted.length;
    const time = this.parts.clock.now() * 1000;
    this.frames.fire(wanted.map(({ bytes }, at) => ({ time: time + at, bytes, length: bytes.length })));
  }

  /** The switch has gone. It may come back: its scripts start it under the same name. */
  private lose(): void {
    if (this.isClosed) return;
    this.link = undefined;
    this.base = undefined;
    this.seen = 0;
    const { name, host } = this.target;
    const gone = host === undefined ? 'has stopped' : `has stopped, or host ${host} cannot be reached`;
    this.news.fire(`Switch ${name} ${gone}. The capture goes on when it is back.`);
    this.retry();
  }

  private retry(): void {
    this.timer?.dispose();
    this.timer = this.parts.clock.after(retryMs, () => {
      this.open().then(
        () => this.news.fire(`Switch ${this.target.name} is back.`),
        () => {
          this.link?.dispose();
          this.link = undefined;
          if (!this.isClosed) this.retry();
        },
      );
    });
  }

  private remind(): void {
    this.timer?.dispose();
    if (this.isClosed) return;
    this.timer = this.parts.clock.after(remindMs, () => {
      // A switch that is stopped in the middle answers nobody; it may go on.
      const asked = this.parts.management.ask(this.target.socket, ['dump/active 1']).catch(() => undefined);
      void asked.then(() => {
        if (this.link) this.remind();
      });
    });
  }

  private async missing(): Promise<number> {
    try {
      const lost = (await this.counted()) - this.seen - (this.base ?? Infinity);
      return lost > inFlight ? lost : 0;
    } catch {
      return 0;
    }
  }

  private async counted(): Promise<number> {
    const ports = await askSwitch(this.parts.management, this.target.socket, switchCommands.printAllPorts());
    const { port } = this.target;
    const both = ({ received, sent }: SwitchPort): number => (received?.packets ?? 0) + (sent?.packets ?? 0);
    if (port !== undefined) return ports.filter(one => one.number === port).reduce((sum, one) => sum + both(one), 0);
    return ports.reduce((sum, one) => sum + (one.received?.packets ?? 0), 0);
  }
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, char => char.charCodeAt(0));
