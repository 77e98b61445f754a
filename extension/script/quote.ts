/** One word for Bash: the same bytes come out as one argument, whatever is in it (NUL cannot be). */
export function quote(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : quoteAlways(word);
}

/**
 * In single quotes; a word with a dollar sign or backtick in double ones, so that nobody takes it for an expansion; one
 * with line breaks or other control characters as `$'…'`, so that it stays on its line.
 */
export function quoteAlways(word: string): string {
  if (/\p{Cc}/u.test(word)) return `$'${word.replace(/[\\'\p{Cc}]/gu, escapedSign)}'`;
  return /[$`]/.test(word) ? `"${escapeInDoubleQuotes(word)}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A control character beyond ASCII is two bytes, which no escape says in every locale; it breaks no line. */
const escapedSign = (sign: string): string =>
  escapes[sign] ?? (sign.charCodeAt(0) > 127 ? sign : `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Text for between double quotes. */
export function escapeInDoubleQuotes(text: string): string {
  return text.replace(/[\\"$`]/g, '\\$&');
}

/** Text that goes into a comment: one line, nothing that a terminal would act on. */
export function commentText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
