import { wireDirections, wireFaultKeys, type WireDirection, type WirePicture } from '../protocol.ts';
import { isEdited, isLinked, type WireEdits } from './edits.ts';
import { scales } from './scale.ts';

/** `lan → dmz`; for both directions `lan ↔ dmz`. */
export function wayName({ ends: [first, second] }: WirePicture, direction: WireDirection | 'both'): string {
  if (direction === 'both') return `${first} ↔ ${second}`;
  return direction === 'there' ? `${first} → ${second}` : `${second} → ${first}`;
}

/** For screen readers, which read one slider at a time: `Delay, lan to dmz`. */
export function spokenWay({ ends: [first, second] }: WirePicture, direction: WireDirection | 'both'): string {
  if (direction === 'both') return 'both directions';
  return direction === 'there' ? `${first} to ${second}` : `${second} to ${first}`;
}

/** How the wire differs from its lab file; empty: it does not, or nobody can say. */
export function driftWords({ live, file }: WirePicture): string {
  if (!live || !file) return '';
  const names = wireFaultKeys.filter(key =>
    wireDirections.some(direction => {
      const [is, says] = [live[direction][key], file[direction][key]];
      return !isLinked({ there: is ? { [key]: is } : {}, back: says ? { [key]: says } : {} });
    }),
  );
  if (names.length === 0) return '';
  return `Differs from the lab file: ${names.map(key => scales[key].name.toLowerCase()).join(', ')}.`;
}

/** What stands at the bottom while nothing has been done. */
export function hintWords({ canApply, canWrite }: WirePicture, edits: WireEdits): string {
  if (!canApply && isEdited(edits)) return 'Changed here, not in the lab file yet.';
  if (canApply)
    return 'Changes are in force at once, from the next packet on. The lab file stays as it is until you write it.';
  return canWrite ? 'The wire does not run: write to the lab file, and it starts like that.' : '';
}
