/** One word for Bash: the same bytes come out as one argument, whatever is in it (NUL cannot be). */
export function quote(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : quoteAlways(word);
}

export const quoteAlways = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** Text for between double quotes. */
export function escapeInDoubleQuotes(text: string): string {
  return text.replace(/[\\"$`]/g, '\\$&');
}

/** Text that goes into a comment: one line, nothing that a terminal would act on. */
export function commentText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
