import { withoutEscapes } from '../../console/expect.ts';
import { encodeUtf8 } from '../../console/utf8.ts';
import { withoutKernelMessages } from './kernel-messages.ts';

/** busybox takes 1023 characters a line, a terminal in canonical mode 4095; what we put around it is shorter than 200. */
const longestWord = 700;

/**
 * The lines that make a Unix shell run a command between two marks; each is typed when the prompt is there. The shell
 * makes the marks from `$$` and `$?`, so that the echo of what was typed never is one. The command runs in a subshell and
 * without input: whatever it does, the shell that a person uses stays as it was, and nothing that is typed ahead is
 * eaten. `eval` keeps a mistake in the command from taking the marks along.
 */
export function shellLines(command: string, mark: string): readonly string[] {
  const isPlain = /^[ -~]*$/.test(command) && !command.includes('!');
  const text = isPlain ? command : asOctal(command);
  const decoded = (word: string): string => (isPlain ? word : `"$(printf '%b' ${word})"`);
  const marked = (word: string): string =>
    ` echo "${mark}<$$."; (eval ${decoded(word)}) </dev/null; echo "${mark}>$?."`;
  const word = quoted(text);
  if (word.length <= longestWord) return [marked(word)];
  const pieces = inPieces(text).map((piece, at) => ` kvmlab=${at === 0 ? '' : '"$kvmlab"'}${quoted(piece)}`);
  return [...pieces, `${marked('"$kvmlab"')}; unset kvmlab`];
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** For `printf %b`, printable ASCII only: a line editor takes tabs, and history takes `!`, for its own. */
const asOctal = (text: string): string =>
  Array.from(encodeUtf8(text), byte => {
    const character = String.fromCharCode(byte);
    return /[\w ./:=,-]/.test(character) ? character : `\\0${byte.toString(8).padStart(3, '0')}`;
  }).join('');

function inPieces(text: string): readonly string[] {
  // A quote becomes four characters.
  const length = Math.floor(longestWord / (text.includes("'") ? 4 : 1));
  return Array.from({ length: Math.ceil(text.length / length) }, (_, at) => text.slice(at * length, (at + 1) * length));
}

/** Whether the guest has echoed the whole line. Editors break long lines, and color, and the kernel cuts in. */
export const isEchoed = (printed: string, line: string): boolean => squeezed(printed).endsWith(squeezed(line));

/** Of an echo, what is told apart: no blanks, as editors move and wrap with them. */
export const squeezed = (printed: string): string => withoutEscapes(withoutKernelMessages(printed)).replace(/\s+/g, '');
