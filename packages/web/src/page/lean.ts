/** Removes from style sheets and scripts what only their authors need. Both are our own, and simple enough for a few rules. */

/** Drops comments, line breaks, and spaces that separate nothing. A space before a colon is a descendant combinator, so it stays. */
export function leanCss(css: string): string {
  return css
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,>]) ?/g, '$1')
    .replaceAll(': ', ':')
    .replaceAll(';}', '}')
    .trim();
}

/** Drops the lines that are comments, and indentation. */
export function leanJs(js: string): string {
  return js.replaceAll(/^\s*(?:\/\/.*|\/\*\*.*\*\/)\n/gm, '').replaceAll(/^\s+/gm, '');
}
