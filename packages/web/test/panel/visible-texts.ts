/** The texts of an HTML document that a translator has to write, for tests. */

export interface VisibleText {
  readonly text: string;
  /** Whether it stands apart from the direction of the page. */
  readonly isIsolated: boolean;
}

const TOKEN = /<(\/?)([a-z][\w-]*)((?:\s[^<>]*?)?)\s*\/?>|([^<]+)/gi;
const VOID = new Set(['br', 'hr', 'img', 'input', 'link', 'meta', 'path', 'rect', 'source']);
/** Elements whose content is no text of ours: names, codes, and what others have written. */
const VALUES = /^(?:bdi|code|pre|script|style|textarea|svg)$/;
/** Translators keep away from it, or it is a link to another language. */
const IS_VALUE = /\stranslate="(?:no|false)"|\slang=".*\shreflang=|\svalue="\w\w" lang=/;
const RIGHT_TO_LEFT = /[\u0590-\u08FF]/;
const SPOKEN = /\s(?:aria-label|title|placeholder|alt)="([^"]+)"/g;

export function visibleTexts(html: string): readonly VisibleText[] {
  const found: VisibleText[] = [];
  const open: { name: string; isValue: boolean; isIsolated: boolean }[] = [];
  for (const [, closes, name = '', attributes = '', text] of html.replace(/^<![^>]*>/, '').matchAll(TOKEN)) {
    const within = open.at(-1);
    if (text !== undefined) {
      const isIsolated = within?.isIsolated === true || (within?.name === 'title' && !RIGHT_TO_LEFT.test(text));
      if (within?.isValue !== true) found.push({ text: decoded(text), isIsolated });
      continue;
    }
    if (closes === '/') {
      open.length = Math.max(
        0,
        open.findLastIndex((each) => each.name === name),
      );
      continue;
    }
    const isValue = within?.isValue === true || VALUES.test(name) || IS_VALUE.test(attributes);
    if (!isValue)
      for (const [, spoken = ''] of attributes.matchAll(SPOKEN))
        found.push({ text: decoded(spoken), isIsolated: !RIGHT_TO_LEFT.test(spoken) });
    const isIsolated = within?.isIsolated === true || name === 'option' || /\sdir="/.test(attributes);
    if (!VOID.has(name)) open.push({ name, isValue, isIsolated });
  }
  return found.map(({ text, isIsolated }) => ({ text: text.trim(), isIsolated })).filter(({ text }) => text !== '');
}

function decoded(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
