import type { ConsolePattern } from './console-pattern.ts';

/** When a VM is ready: all signs hold. */
export interface Ready {
  /** Those that cost least to look at first. */
  readonly signs: readonly ReadySign[];
  /** Milliseconds from its start. */
  readonly withinMs: number;
}

export type ReadySign =
  /** Its serial console has printed it since its start. */
  | { readonly kind: 'prompt'; readonly pattern: ConsolePattern }
  /** The QEMU guest agent answers. */
  | { readonly kind: 'agent' }
  /** It takes connections to this TCP port. */
  | { readonly kind: 'port'; readonly port: number }
  /** A command in the guest succeeds, and prints this. */
  | { readonly kind: 'command'; readonly command: string; readonly answer?: ConsolePattern };

/** Real guests take minutes under software emulation. */
export const defaultWithinMs = 180_000;

/** The last line that the init of the tiny guest prints. */
export const tinyGuestSign = (name: string): ReadySign => ({
  kind: 'prompt',
  pattern: { kind: 'text', text: `READY ${name}` },
});

/** What of a VM says when it is ready. */
interface ReadyVm {
  readonly name: string;
  readonly isTinyGuest: boolean;
  readonly ready?: Ready;
}

/** Undefined: nothing says when it is ready. */
export function readyOf(vm: ReadyVm): Ready | undefined {
  if (vm.ready) return vm.ready;
  return vm.isTinyGuest ? { signs: [tinyGuestSign(vm.name)], withinMs: defaultWithinMs } : undefined;
}

/** Whether its script gives it the channel of the QEMU guest agent. */
export const hasAgent = (vm: Pick<ReadyVm, 'ready'>): boolean =>
  vm.ready?.signs.some(({ kind }) => kind === 'agent') ?? false;
