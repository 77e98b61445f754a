import { CancelSource } from '../../base/cancel.ts';
import { disposable, DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { encodeTelnet, TelnetDecoder, telnetBreak } from '../../console/telnet.ts';
import type { ByteSession } from '../console/byte-session.ts';
import type { ConsoleState } from '../console/console-state.ts';
import type { ConsoleLink } from '../console-ports.ts';

/** One line to something that is no VM of ours; when it breaks, that is its end. */
export class LineSession implements ByteSession {
  private readonly owned = new DisposableStore();
  private readonly received = this.owned.add(new Emitter<Uint8Array>());
  private readonly changed = this.owned.add(new Emitter<ConsoleState>());
  readonly onData = this.received.event;
  readonly onDidChangeState = this.changed.event;

  private readonly dial: (signal: CancelSource['signal']) => Promise<ConsoleLink>;
  private readonly telnet: TelnetDecoder | undefined;
  private link: ConsoleLink | undefined;
  private current: ConsoleState = { kind: 'connecting' };

  /** `isTelnet`: the other end speaks telnet (RFC 854). */
  constructor(dial: (signal: CancelSource['signal']) => Promise<ConsoleLink>, isTelnet: boolean) {
    this.dial = dial;
    this.telnet = isTelnet ? new TelnetDecoder('standard') : undefined;
  }

  get state(): ConsoleState {
    return this.current;
  }

  open(): void {
    const cancel = new CancelSource();
    this.owned.add(disposable(() => cancel.cancel()));
    this.dial(cancel.signal).then(
      link => this.take(link),
      () => this.become({ kind: 'waiting', reason: 'not running' }),
    );
  }

  retryNow(): void {
    if (this.current.kind === 'waiting') this.open();
  }

  write(bytes: Uint8Array): boolean {
    if (this.current.kind !== 'connected') return false;
    this.link?.write(this.telnet ? encodeTelnet(bytes) : bytes);
    return true;
  }

  sendBreak(): boolean {
    if (!this.telnet || this.current.kind !== 'connected') return false;
    this.link?.write(telnetBreak);
    return true;
  }

  dispose(): void {
    this.current = { kind: 'closed' };
    this.owned.dispose();
  }

  private take(link: ConsoleLink): void {
    if (this.current.kind === 'closed') {
      link.dispose();
      return;
    }
    this.link = this.owned.add(link);
    this.owned.add(link.onClose(() => this.become({ kind: 'waiting', reason: 'not running' })));
    this.become({ kind: 'connected' });
    this.owned.add(link.onData(bytes => this.receive(bytes)));
  }

  private receive(bytes: Uint8Array): void {
    const piece = this.telnet?.push(bytes);
    if (piece && piece.reply.length > 0) this.link?.write(piece.reply);
    // The link reads into one buffer again and again, and whoever hears of it here may keep it.
    const text = (piece?.text ?? bytes).slice();
    if (text.length > 0) this.received.fire(text);
  }

  private become(state: ConsoleState): void {
    if (this.current.kind === 'closed') return;
    this.current = state;
    this.changed.fire(state);
  }
}
