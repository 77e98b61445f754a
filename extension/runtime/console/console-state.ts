import type { PortHolder } from '../console-ports.ts';

export type ConsoleState =
  | { readonly kind: 'connecting' }
  /** QEMU has greeted us, or the process that it serves: what is written arrives. */
  | { readonly kind: 'connected'; /** Who shares its connection with us. */ readonly through?: PortHolder }
  /** `held`: QEMU serves one client at a time, and another one is connected. The session goes on trying. */
  | { readonly kind: 'waiting'; readonly reason: 'held'; readonly holder?: PortHolder }
  | { readonly kind: 'waiting'; readonly reason: 'not running' }
  /** Its host does not answer; the words name the host and say what to do. */
  | { readonly kind: 'waiting'; readonly reason: 'unreachable'; readonly words: string }
  | { readonly kind: 'closed' };

/** Whether somebody who was told of one needs not be told of the other. */
export function isSameState(a: ConsoleState, b: ConsoleState): boolean {
  const [first, second] = [factsOf(a), factsOf(b)];
  return first.every((fact, index) => fact === second[index]);
}

function factsOf(state: ConsoleState): readonly (string | number | undefined)[] {
  if (state.kind === 'connected') return [state.kind, undefined, state.through?.pid];
  if (state.kind !== 'waiting') return [state.kind, undefined, undefined];
  const { reason } = state;
  return [
    state.kind,
    reason,
    reason === 'held' ? state.holder?.pid : reason === 'unreachable' ? state.words : undefined,
  ];
}
