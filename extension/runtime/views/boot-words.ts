import type { BootState, RunState } from '../state.ts';

type Running = RunState & { readonly kind: 'running' };

/** Its process runs, its guest is not ready. */
export const isBooting = (state: RunState): state is Running =>
  state.kind === 'running' && state.boot !== undefined && state.boot.kind !== 'ready';

/** How far a VM is, for its row: `booting`, `ready`. Undefined: nothing is known of that. */
export function bootWords(state: RunState): string | undefined {
  const boot = state.kind === 'running' && state.halted === undefined ? state.boot : undefined;
  if (!boot || boot.kind === 'late') return boot && 'not ready in time';
  return boot.isSlow ? `${boot.kind}, slower than usual (${secondsWords(boot)})` : boot.kind;
}

/** The same with how long it took, for the tooltip. */
export function bootDetail(state: RunState): string | undefined {
  const boot = state.kind === 'running' ? state.boot : undefined;
  if (boot?.kind !== 'ready' || boot.seconds === undefined) return undefined;
  return `ready after ${secondsWords(boot)}`;
}

/** `32 s, usually 20 s`. */
export function secondsWords(boot: BootState): string {
  const seconds = boot.kind === 'ready' && boot.seconds !== undefined ? `${boot.seconds} s` : undefined;
  const usual = boot.kind === 'late' || boot.usualSeconds === undefined ? undefined : `usually ${boot.usualSeconds} s`;
  return [seconds, usual].filter(part => part !== undefined).join(', ');
}
