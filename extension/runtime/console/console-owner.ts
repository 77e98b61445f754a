import { DisposableStore, disposable, type Disposable } from '../../base/disposable.ts';
import { FrameDecoder, encodeFrame, type ShareFrame, type Wants } from '../../console/share-frames.ts';
import { isTerminalAnswer } from '../../console/terminal-answers.ts';
import type { ConsoleShares, ShareLink } from '../console-ports.ts';
import { RecentBytes } from './recent-bytes.ts';

/** What the owner does for those who joined. */
export interface OwnerDuties {
  write(bytes: Uint8Array): void;
  sendBreak(): void;
  /** Lets go of the console's port. */
  yield(): void;
  /** The owner itself writes down what is typed. */
  isRecorded(): boolean;
  /** When all has been heard that came until now. */
  soon(call: () => void): Disposable;
}

interface Guest {
  readonly link: ShareLink;
  wants: Wants;
  skipped: number;
}

/** A guest of ours may be this far behind; then it is skipped ahead, so that it stalls neither memory nor the others. */
export const longestBacklog = 1024 * 1024;
/** How much of what was printed a newcomer without a log sees. */
const recentBytes = 16 * 1024;
const pieceBytes = 64 * 1024;

/** The owner's side of a shared console: all others of this user who look at it and type into it. */
export class ConsoleOwner implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly guests = new Set<Guest>();
  private readonly duties: OwnerDuties;
  private readonly hello: Uint8Array;
  /** Who typed last; undefined: the owner's own session. */
  private speaker: Guest | undefined;
  private readonly recent = new RecentBytes(recentBytes);
  /** What is typed while it is recorded, until it goes its way. */
  private held: Uint8Array[] = [];
  private sending: Disposable | undefined;
  /** The console log cannot be relied on: everybody gets what is printed. */
  sendsToAll = false;

  constructor(shares: ConsoleShares, port: number, duties: OwnerDuties) {
    this.duties = duties;
    this.hello = encodeFrame({ kind: 'hello', ...shares.self, wants: 'nothing' });
    const server = shares.serve(port, link => this.receive(link));
    if (server) this.owned.add(server);
  }

  get guestCount(): number {
    return this.guests.size;
  }

  /** What the console printed. */
  printed(bytes: Uint8Array): void {
    this.recent.add(bytes);
    for (const guest of this.guests) if (guest.wants !== 'nothing' || this.sendsToAll) deliver(guest, 'data', bytes);
  }

  /** What the owner's own session writes goes through here too. */
  typed(bytes: Uint8Array, from?: Guest): boolean {
    // Every terminal answers what the guest asks (where is the cursor?); one answer is enough.
    if (!isTerminalAnswer(latin1(bytes))) this.speaker = from;
    else if (this.speaker !== from) return false;
    // Who typed has read the log, and may have seen there what we have not yet heard: in a record that comes first.
    this.held.push(bytes.slice());
    if (!this.isRecorded) this.sendHeld();
    else this.sending ??= this.duties.soon(() => this.sendHeld());
    return true;
  }

  /** A break goes behind what was typed before it. */
  sendBreak(): void {
    this.sendHeld();
    this.duties.sendBreak();
  }

  dispose(): void {
    this.sendHeld();
    this.owned.dispose();
    for (const { link } of this.guests) link.dispose();
    this.guests.clear();
  }

  private get isRecorded(): boolean {
    return this.duties.isRecorded() || [...this.guests].some(({ wants }) => wants === 'dialogue');
  }

  private sendHeld(): void {
    this.sending?.dispose();
    this.sending = undefined;
    for (const bytes of this.held.splice(0)) {
      this.duties.write(bytes);
      for (const guest of this.guests) if (guest.wants === 'dialogue') deliver(guest, 'typed', bytes);
    }
  }

  private receive(link: ShareLink): void {
    const guest: Guest = { link, wants: 'nothing', skipped: 0 };
    const subscriptions = new DisposableStore();
    this.guests.add(guest);
    const leave = disposable(() => {
      subscriptions.dispose();
      link.dispose();
      this.guests.delete(guest);
      if (this.speaker === guest) this.speaker = undefined;
    });
    const decoder = new FrameDecoder();
    subscriptions.add(link.onClose(() => leave.dispose()));
    subscriptions.add(
      link.onData(bytes => {
        for (const frame of decoder.push(bytes)) this.obey(frame, guest);
        if (decoder.isBroken) leave.dispose();
      }),
    );
  }

  private obey(frame: ShareFrame, guest: Guest): void {
    if (!this.guests.has(guest)) return;
    if (frame.kind === 'hello') this.welcome(guest, frame.wants);
    else if (frame.kind === 'data') this.typed(frame.bytes, guest);
    else if (frame.kind === 'break') this.sendBreak();
    else if (frame.kind === 'yield') this.duties.yield();
  }

  private welcome(guest: Guest, wants: Wants): void {
    guest.link.write(this.hello);
    const recent = wants === 'recent' ? wholeLines(this.recent) : nothing;
    if (recent.length > 0) deliver(guest, 'data', recent);
    guest.wants = wants;
  }
}

/** From a whole line on, if something came before it, so that half an escape sequence is not shown. */
function wholeLines(recent: RecentBytes): Uint8Array {
  const last = recent.last();
  return recent.isCut ? last.subarray(last.indexOf(newline) + 1) : last;
}

function deliver(guest: Guest, kind: 'data' | 'typed', bytes: Uint8Array): void {
  if (guest.link.backlog > longestBacklog) {
    guest.skipped += bytes.length;
    return;
  }
  if (guest.skipped > 0) guest.link.write(encodeFrame({ kind: 'skipped', bytes: guest.skipped }));
  guest.skipped = 0;
  for (const piece of inPieces(bytes)) guest.link.write(encodeFrame({ kind, bytes: piece }));
}

/** Frames have a limit, a paste has none. */
export function* inPieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

const newline = 0x0a;
const nothing = new Uint8Array(0);

const longestAnswer = 256;

/** Enough of it for what is never long. */
const latin1 = (bytes: Uint8Array): string => (bytes.length > longestAnswer ? '' : String.fromCharCode(...bytes));
