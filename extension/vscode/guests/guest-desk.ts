import type { GuestShells } from '../../runtime/guests/guest-shells.ts';
import type { Clock } from '../../runtime/host.ts';
import type { GuestAnswers } from './guest-answers.ts';

/** What runs commands in guests and shows what they said. */
export interface GuestDesk {
  readonly shells: GuestShells;
  readonly answers: GuestAnswers;
  readonly clock: Clock;
}
