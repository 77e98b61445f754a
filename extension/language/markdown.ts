/** Texts of lab files are hostile input: nothing of them becomes a link, an image or markup. */
export const plainMarkdown = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+\-.!|<>~&:@/]/g, String.raw`\$&`);

/** A text as code. */
export const codeMarkdown = (text: string): string => `\`${text.replace(/\s+/g, ' ').replaceAll('`', "'")}\``;

/** Parts beside each other, without those that are not there. */
export const beside = (...parts: readonly (string | undefined)[]): string =>
  parts.filter(part => part !== undefined && part !== '').join(' · ');

/** Paragraphs, without those that are not there. */
export const paragraphs = (...parts: readonly (string | undefined)[]): string =>
  parts.filter(part => part !== undefined && part !== '').join('\n\n');

export const bullets = (items: readonly string[]): string => items.map(item => `- ${item}`).join('\n');
