import { UserError } from '../base/user-error.ts';
import { JsonObjects } from './json-objects.ts';
import { member, recordOf, textOf } from './json-value.ts';

/** A command of QMP as a value: what to say, and how to read the answer. */
export interface QmpQuery<T> {
  readonly execute: string;
  readonly args?: Readonly<Record<string, unknown>>;
  /** Reads the `return` of the answer. Throws an Error if it makes no sense. */
  readonly read: (value: unknown) => T;
}

/** QEMU understood the command and refuses it; the words are its own. */
export class QmpRefusal extends UserError {
  /** As QEMU says it: "Device 'cdrom' is locked …". */
  readonly reason: string;

  constructor(reason: string) {
    super(`QEMU refuses: ${reason}.`);
    this.name = 'QmpRefusal';
    this.reason = reason;
  }
}

/** What happened to the VM, by QEMU's own name for it: STOP, RESUME, SHUTDOWN, RESET, DEVICE_TRAY_MOVED … */
export interface QmpEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type QmpNews =
  /** Capabilities are agreed upon: commands may be sent. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly reason: string }
  | { readonly kind: 'event'; readonly event: QmpEvent }
  /** The other side is no QMP server, or out of its mind. Nothing follows. */
  | { readonly kind: 'broken'; readonly reason: string };

export interface QmpStep {
  readonly news: readonly QmpNews[];
  /** To be written now. */
  readonly write: string;
}

type Phase = 'greeting' | 'capabilities' | 'ready' | 'broken';

/**
 * The client's side of QMP, without a socket (docs/interop/qmp-spec.txt of QEMU): greeting, capabilities, commands
 * with ids, answers, errors, events. Members that it does not know are ignored.
 */
export class QmpProtocol {
  private readonly objects: JsonObjects;
  private phase: Phase = 'greeting';
  private lastId = 0;

  constructor(longestMessage?: number) {
    this.objects = new JsonObjects(longestMessage);
  }

  /** Whether the other side has said who it is: QEMU greets only the one client that it serves. */
  get isGreeted(): boolean {
    return this.phase === 'capabilities' || this.phase === 'ready';
  }

  get isReady(): boolean {
    return this.phase === 'ready';
  }

  push(text: string): QmpStep {
    const news: QmpNews[] = [];
    let write = '';
    try {
      const objects = this.phase === 'broken' ? [] : this.objects.push(text);
      for (const object of objects) write += this.take(parse(object), news);
    } catch (error) {
      this.phase = 'broken';
      news.push({ kind: 'broken', reason: error instanceof Error ? error.message : String(error) });
      write = '';
    }
    return { news, write };
  }

  /** The text of a command, and the id under which its answer comes. Only after `ready`. */
  command({ execute, args }: QmpQuery<unknown>): { readonly id: number; readonly text: string } {
    if (this.phase !== 'ready') throw new Error(`"${execute}" before QMP was ready`);
    this.lastId += 1;
    return { id: this.lastId, text: line({ execute, ...(args ? { arguments: args } : {}), id: this.lastId }) };
  }

  private take(message: Readonly<Record<string, unknown>>, news: QmpNews[]): string {
    if (this.phase === 'greeting') {
      if (!('QMP' in message)) throw new Error('no greeting of QMP');
      this.phase = 'capabilities';
      return line({ execute: 'qmp_capabilities' });
    }
    const event = textOf(message['event']);
    if (event !== undefined) news.push({ kind: 'event', event: { name: event, data: recordOf(message['data']) } });
    else if (this.phase === 'capabilities') this.agree(message, news);
    else this.answer(message, news);
    return '';
  }

  private agree(message: Readonly<Record<string, unknown>>, news: QmpNews[]): void {
    if (!('return' in message)) throw new Error(`capabilities were refused: ${reasonOf(message)}`);
    this.phase = 'ready';
    news.push({ kind: 'ready' });
  }

  private answer(message: Readonly<Record<string, unknown>>, news: QmpNews[]): void {
    const { id } = message as { readonly id?: unknown };
    if ('error' in message && id === undefined) throw new Error(`it did not understand us: ${reasonOf(message)}`);
    if (typeof id !== 'number') return;
    if ('error' in message) news.push({ kind: 'refusal', id, reason: reasonOf(message) });
    else if ('return' in message) news.push({ kind: 'answer', id, value: message['return'] });
  }
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** Whatever begins with a brace and is JSON is an object. */
const parse = (text: string): Readonly<Record<string, unknown>> => JSON.parse(text) as Record<string, unknown>;

const reasonOf = (message: unknown): string => textOf(member(member(message, 'error'), 'desc')) ?? 'without a reason';
