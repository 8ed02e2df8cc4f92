import { expect, it } from 'vitest';

import { checkoutCss, checkoutJs } from '../asset-files.ts';
import { leanCss, leanJs } from './lean.ts';

it('a lean style sheet has the same selectors and values', () => {
  expect(
    leanCss(`
/* A comment: { with } braces; */
.state :is(h1, h2) > p,
.a > .b + .c {
  margin: 0 auto; /* why */
  font: 1rem/1.5 'Cascadia Mono', monospace;
  width: calc(100% - 2rem);
}
@media (min-width: 28rem) and (pointer: fine) {
  .x {
    &::after {
      content: '';
    }
  }
}
`),
  ).toBe(
    ".state :is(h1,h2)>p,.a>.b + .c{margin:0 auto;font:1rem/1.5 'Cascadia Mono',monospace;width:calc(100% - 2rem)}@media (min-width:28rem) and (pointer:fine){.x{&::after{content:''}}}",
  );
});

it('a lean script has the same statements', () => {
  expect(
    leanJs(`// About it.\nconst a = 1; // stays\n\n/** Does it. */\nfunction f() {\n  // Why.\n  return 'https://x';\n}\n`),
  ).toBe("const a = 1; // stays\nfunction f() {\nreturn 'https://x';\n}\n");
});

it('the scripts and style sheets contain no string that these rules would change', () => {
  const strings = [...checkoutCss.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/'([^']*)'/g)].map(([, text]) => text);
  expect(strings).toContain('Cascadia Mono');
  for (const text of strings) expect(text).not.toMatch(/[{};,>]|: | {2}/);
  const templates = [...leanJs(checkoutJs).matchAll(/`([^`]*)`/g)].map(([, text]) => text);
  expect(templates.length).toBeGreaterThan(1);
  for (const text of templates) expect(text).not.toContain('\n');
});
