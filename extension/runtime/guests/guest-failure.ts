import { UserError, type UserAction } from '../../base/user-error.ts';

/** Why a command could not be run in a guest, or was not waited for to its end. */
export type GuestFailureKind =
  /** The VM does not run, or its console cannot be reached. */
  | 'not running'
  /** Another program holds the console. */
  | 'held'
  /** Somebody has begun to type there. */
  | 'half-typed'
  /** No shell waits for a command: a program runs, the guest boots. */
  | 'no prompt'
  /** A login is asked for that is not known or not taken. */
  | 'no login'
  /** It had the command but did not make sense of it. */
  | 'not understood'
  | 'timed out'
  | 'cancelled'
  /** The connection ended in the middle. */
  | 'gone';

export class GuestFailure extends UserError {
  readonly kind: GuestFailureKind;
  /** What the command had printed by then; or else the console's last lines. */
  readonly output: string;

  constructor(kind: GuestFailureKind, message: string, output = '', actions: readonly UserAction[] = []) {
    super(message, actions);
    this.kind = kind;
    this.output = output;
  }
}
