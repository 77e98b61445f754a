import { withoutEscapes } from '../../console/expect.ts';
import { plainPrompt } from '../../console/plain-lines.ts';
import { withoutKernelMessages } from './kernel-messages.ts';

/** What a console's last words say about who waits there. */
export type ConsoleLook =
  /** A shell waits for a command. */
  | { readonly kind: 'prompt' }
  /** Behind the prompt stands what somebody has begun to type. */
  | { readonly kind: 'half-typed'; readonly typed: string }
  | { readonly kind: 'login' }
  | { readonly kind: 'password' }
  /** The last line is empty: it cannot be told. */
  | { readonly kind: 'blank' }
  /** Something else: a program that runs, a menu, a guest that boots. */
  | { readonly kind: 'other'; readonly line: string };

/** No prompt is longer. */
const longestLine = 400;

/** `printed`: the last of what the console printed, as it came. */
export function lookAt(printed: string, prompts: readonly string[]): ConsoleLook {
  const calm = withoutKernelMessages(printed);
  const raw = calm.slice(calm.lastIndexOf('\n') + 1);
  const line = raw.length > longestLine * 4 ? withoutEscapes(raw).slice(-longestLine) : plainPrompt(raw);
  if (line.trim() === '') return { kind: 'blank' };
  if (/(?:^|\s)login: *$/i.test(line)) return { kind: 'login' };
  if (/^[^:]{0,40}password[^:]{0,60}: *$/i.test(line)) return { kind: 'password' };
  if (endsWithPrompt(line, prompts)) return { kind: 'prompt' };
  const typed = typedBehindPrompt(line, prompts);
  return typed === undefined ? { kind: 'other', line } : { kind: 'half-typed', typed };
}

function endsWithPrompt(line: string, prompts: readonly string[]): boolean {
  return prompts.some(prompt => line.endsWith(prompt) && !isShare(line, line.length - prompt.length, prompt));
}

/** `45% ` is how far something is, and no prompt. */
const isShare = (line: string, at: number, prompt: string): boolean =>
  prompt.startsWith('%') && /\d/.test(line.charAt(at - 1));

/** What stands before a prompt's end is one word, or something in brackets: `root@web:~`, `[root@web ~]`. */
function typedBehindPrompt(line: string, prompts: readonly string[]): string | undefined {
  for (const prompt of prompts) {
    const at = line.indexOf(prompt);
    if (at < 0 || isShare(line, at, prompt)) continue;
    const typed = line.slice(at + prompt.length);
    if (typed.trim() !== '' && /^(?:\[[^\]]*\]|\S* ?)$/.test(line.slice(0, at))) return typed.trim();
  }
  return undefined;
}
