/** HTML templates: everything that is inserted is escaped, unless it is HTML already. */

export interface Html {
  readonly html: string;
}
type Part = Html | string | number | undefined | readonly (Html | string)[];

/** @example html`<p>${'a < b'}</p>`.html // '<p>a &lt; b</p>' */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: texts.map((text, at) => (at === 0 ? text : asHtml(parts[at - 1]) + text)).join('') };
}

/** Returns the paragraphs of a text, with its `code` marked up. */
export function prose(text: string): Html[] {
  return text.split('\n\n').map((paragraph) => html`<p>${inline(paragraph)}</p>`);
}

/** Returns a text with its `code` marked up. */
export function inline(text: string): Html[] {
  return text.split('`').map((part, at) => (at % 2 === 0 ? html`${part}` : html`<code>${part}</code>`));
}

function asHtml(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return 'html' in part ? part.html : part.map(asHtml).join('');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
