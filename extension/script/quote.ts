/** One word for Bash: the same bytes come out as one argument, whatever is in it (NUL cannot be). */
export function quote(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : quoteAlways(word);
}

/** In single quotes; a word with a dollar sign or backtick in double ones, so that nobody takes it for an expansion. */
export function quoteAlways(word: string): string {
  return /[$`]/.test(word) ? `"${escapeInDoubleQuotes(word)}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Text for between double quotes. */
export function escapeInDoubleQuotes(text: string): string {
  return text.replace(/[\\"$`]/g, '\\$&');
}

/** Text that goes into a comment: one line, nothing that a terminal would act on. */
export function commentText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
