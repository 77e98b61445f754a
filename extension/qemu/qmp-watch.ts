import { member, textOf } from './json-value.ts';
import { QmpProtocol, type QmpEvent, type QmpNews } from './qmp.ts';
import { queryStatus } from './qmp-queries.ts';
import { mayChangeStatus } from './vm-status.ts';

/** What is heard of a VM while one stays connected to it. */
export type VmNews =
  /** QEMU's name for what the VM does now: at first, and whenever it may have changed. */
  | { readonly kind: 'status'; readonly status: string }
  | { readonly kind: 'event'; readonly event: QmpEvent }
  | { readonly kind: 'broken'; readonly reason: string };

export interface WatchStep {
  readonly news: readonly VmNews[];
  /** To be written now. */
  readonly write: string;
}

/** Stays on QMP, passes on events, and asks for the status after those that may have changed it. No socket in here. */
export class QmpWatch {
  private readonly protocol: QmpProtocol;

  constructor(longestMessage?: number) {
    this.protocol = new QmpProtocol(longestMessage);
  }

  get isGreeted(): boolean {
    return this.protocol.isGreeted;
  }

  push(text: string): WatchStep {
    const step = this.protocol.push(text);
    // An event says that something changed, not what to: a VM that stops may be paused, out of disk space or panicked.
    const isToAsk = step.news.some(one => one.kind === 'ready' || (one.kind === 'event' && mayChange(one)));
    const isBroken = step.news.some(one => one.kind === 'broken');
    const question = isToAsk && !isBroken && this.protocol.isReady ? this.protocol.command(queryStatus).text : '';
    return { news: step.news.flatMap(readNews), write: step.write + question };
  }
}

const mayChange = ({ event }: { readonly event: QmpEvent }): boolean => mayChangeStatus(event.name);

function readNews(news: QmpNews): readonly VmNews[] {
  switch (news.kind) {
    case 'answer':
      return statusOf(news.value);
    case 'event':
    case 'broken':
      return [news];
    case 'ready':
    case 'refusal':
      return [];
  }
}

function statusOf(value: unknown): readonly VmNews[] {
  const status = textOf(member(value, 'status'));
  return status === undefined ? [] : [{ kind: 'status', status }];
}
