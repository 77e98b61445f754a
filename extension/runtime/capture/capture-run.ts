import { onCancel, type CancelSignal } from '../../base/cancel.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { FrameFilter } from '../../packets/filter.ts';
import { pcapHeader, pcapRecord, type Frame } from '../../packets/pcap.ts';
import type { CaptureSource } from './capture-source.ts';
import type { CaptureSink } from '../capture-ports.ts';

export interface CaptureOrder {
  readonly source: CaptureSource;
  readonly sink: CaptureSink;
  readonly filter: FrameFilter | undefined;
  /** After so many frames it ends. */
  readonly count: number | undefined;
  /** Called when frames are coming in from now on. */
  readonly onBegin: () => void;
  /** Hears news, for people. */
  readonly tell: (news: string) => void;
  /** Ends the capture in good order. */
  readonly signal: CancelSignal;
}

export interface CaptureResult {
  readonly frames: number;
  /** That never reached the sink: the switch or the reader was too slow. */
  readonly lost: number;
  /** Why it ended by itself. */
  readonly reason: string | undefined;
}

/** A reader may fall behind by so much; what comes after that is left out, and counted. */
const mostBacklog = 32 * 1024 * 1024;

/** Captures from the source into the sink until it is called off, has enough, or one of both ends. */
export async function runCapture(order: CaptureOrder): Promise<CaptureResult> {
  const { source, sink, filter, count, signal } = order;
  const owned = new DisposableStore();
  let [frames, dropped] = [0, 0];
  const pass = (one: Frame): void => {
    if (frames === count || (filter && !filter(one.bytes, one.length))) return;
    if (sink.backlog > mostBacklog) dropped += 1;
    else {
      frames += 1;
      sink.write(pcapRecord(one));
    }
  };
  const over = new Promise<string | undefined>(resolve => {
    const take = (some: readonly Frame[]): void => {
      for (const one of some) pass(one);
      if (frames === count) resolve(undefined);
    };
    owned.add(source.onFrames(take));
    owned.add(source.onEnd(resolve));
    owned.add(source.onNews(order.tell));
    owned.add(sink.onClose(resolve));
    owned.add(onCancel(signal, () => resolve(undefined)));
  });
  try {
    sink.write(pcapHeader());
    await source.open();
    order.onBegin();
    const reason = await over;
    const { lost } = await source.close();
    return { frames, lost: lost + dropped, reason };
  } finally {
    await source.close();
    owned.dispose();
    await sink.end();
  }
}
