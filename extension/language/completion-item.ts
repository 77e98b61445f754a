import { yamlText } from '../lab/reading/yaml-text.ts';
import type { TextSpan } from '../lab/text-span.ts';
import type { Cursor } from './cursor.ts';

export interface CompletionItem {
  readonly label: string;
  readonly kind: 'key' | 'word' | 'reference' | 'number' | 'file' | 'thing';
  /** One line beside the label. */
  readonly detail: string | undefined;
  /** Plain text. */
  readonly documentation: string | undefined;
  /** In VS Code's syntax of snippets, whose further lines get the indentation of the first one's line. */
  readonly snippet: string;
  /** What is compared with what has been typed. */
  readonly filter: string;
  /** Items are shown in the order of these texts. */
  readonly sort: string;
  /** Whether there is something to choose at once where the cursor is then. */
  readonly goesOn: boolean;
}

export interface Completion {
  readonly items: readonly CompletionItem[];
  /** What an item takes the place of. */
  readonly span: TextSpan;
  /** Whether the next letter may bring other items. */
  readonly isIncomplete: boolean;
}

/** Something to offer: the text as it is to stand in the file, or data for a new thing. */
export type Offer = Partial<Omit<CompletionItem, 'label' | 'sort' | 'snippet'>> & {
  readonly label: string;
  /** The value, if it is not the label itself. Quotes are added where YAML needs them. */
  readonly value?: string;
  /** In the syntax of snippets, as it is, in place of a value. */
  readonly snippet?: string;
};

/** Items in the order of the offers. What stands at the cursor in quotes is compared with its quotes. */
export function itemsOf(offers: readonly Offer[], cursor: Cursor, rank = 5): readonly CompletionItem[] {
  const { quote } = cursor.word;
  return offers.map((offer, index) => {
    const { label, value = label, snippet = snippetText(yamlText(value)) } = offer;
    return {
      kind: 'word',
      detail: undefined,
      documentation: undefined,
      goesOn: false,
      ...offer,
      label,
      filter: quote + (offer.filter ?? label),
      snippet: snippetText(cursor.lacks) + snippet,
      sort: `${rank}${String(index).padStart(4, '0')}`,
    };
  });
}

/** A text in a snippet, to stand there as it is. */
export const snippetText = (text: string): string => text.replace(/[\\$}]/g, String.raw`\$&`);
