/** The panel's styles, and its policy: no script at all, and no style but its own. */
import { checkoutCss, panelCss } from '../asset-files.ts';
import { leanCss } from '../page/lean.ts';
import { hashed } from '../page/styles.ts';

/** The checkout page's colours in both themes, read from its style sheet so that there is one definition. */
const COLOURS = [/^:root \{[^}]*\}/m, /^@media \(prefers-color-scheme: dark\) \{\s*:root \{[^}]*\}\s*\}/m].map((block) => {
  const [css] = block.exec(checkoutCss) ?? [];
  if (css === undefined) throw new Error('checkout.css: expected a :root for each theme');
  return css;
});

export const panelStyle: string = leanCss([...COLOURS, panelCss].join('\n'));

/** The `Content-Security-Policy` of every page of the panel. */
export const panelSecurityPolicy: string = [
  "default-src 'none'",
  `style-src '${hashed(panelStyle).hash}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
