import { plainText } from '../formats/quantities.js';

/** Markup of our own making: the only thing that may stand in a page as it is. */
export interface Markup {
  readonly markup: string;
}

/** What may stand between the parts of a template: text is escaped, markup is not. */
export type Content = Markup | string | number | readonly Content[];

/** Text that means nothing to HTML, SVG or XML: no markup, no control characters, no half characters. */
export function escapeMarkup(text: string): string {
  return plainText(text, Number.POSITIVE_INFINITY).replace(/[&<>"'`]/g, (each) => `&#${each.charCodeAt(0)};`);
}

/** A template of markup; whatever is put into it is escaped unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return {
    markup: parts.map((part, index) => (index === 0 ? '' : markupOf(values[index - 1]!)) + part).join(''),
  };
}

/** Our own text as it is: styles, scripts. */
export function trusted(markup: string): Markup {
  return { markup };
}

export const nothing: Markup = { markup: '' };

function markupOf(content: Content): string {
  if (typeof content === 'string') return escapeMarkup(content);
  if (typeof content === 'number') return String(content);
  if ('markup' in content) return content.markup;
  return content.map(markupOf).join('');
}

/** A document inside a script element: no `<` can end it. */
export function scriptData(document: unknown): Markup {
  return { markup: JSON.stringify(document).replaceAll('<', '\\u003c') };
}
