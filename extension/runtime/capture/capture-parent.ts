import { CancelSource, onCancel, type CancelSignal } from '../../base/cancel.ts';
import { DisposableStore, disposable, type Disposable } from '../../base/disposable.ts';
import type { Clock, ProcessTable } from '../host.ts';

const lookMs = 500;

/** Calls off when the process with this pid has ended, or with the given signal. */
export function untilEndOf(
  pid: number | undefined,
  {
    processes,
    clock,
    signal,
  }: { readonly processes: ProcessTable; readonly clock: Clock; readonly signal: CancelSignal },
): Disposable & { readonly signal: CancelSignal } {
  const source = new CancelSource();
  const owned = new DisposableStore();
  owned.add(onCancel(signal, () => source.cancel()));
  const [first] = pid === undefined ? [] : processes.find([pid]);
  let timer: Disposable = disposable(() => undefined);
  owned.add(disposable(() => timer.dispose()));
  const look = (): void => {
    const [now] = pid === undefined ? [] : processes.find([pid]);
    // Pids are used again.
    if (now === undefined || now.startTicks !== first?.startTicks) source.cancel();
    else timer = clock.after(lookMs, look);
  };
  if (pid !== undefined) look();
  return { signal: source.signal, dispose: () => owned.dispose() };
}
