import type { Step } from '../../dialogue/install-script.ts';
import type { Stuck } from '../../dialogue/player/script-player.ts';
import { stepWords, timeWords } from '../../dialogue/player/step-words.ts';

/** Where a step stands: `debian.install.yaml:12`; `file`: the script's own name. */
export const placeWords = ({ place }: Step, file: string): string => `${place.file ?? file}:${place.line}`;

/** Why a script does not go on, and what was expected. */
export function stuckLines({ step, reason }: Stuck): readonly string[] {
  const what = `step ${step.number} (${stepWords(step)})`;
  if (reason.kind === 'refused') return [`${what} failed: ${reason.message}`];
  const expected = reason.expected.map(one => JSON.stringify(one)).join(' or ');
  return [`${what} is stuck: ${expected} did not come within ${timeWords(reason.limitMs)}.`];
}
