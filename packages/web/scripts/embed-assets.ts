/** Writes the files of `src/assets` as text into TypeScript beside them. Run it after a change to one of them. */
import { readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../src/assets/', import.meta.url);
const targets = {
  'embedded.ts': { checkoutCss: 'checkout.css', checkoutJs: 'checkout.js', iconSvg: 'icon.svg' },
  'embedded-panel.ts': { panelCss: 'panel.css' },
  'embedded-frame.ts': { framedJs: 'framed.js', openCheckoutJs: 'open-checkout.js', openCheckoutTypes: 'open-checkout.d.ts' },
};
const header = '// Written by `npm run embed --workspace packages/web` from the files beside this one: change those instead.\n';

for (const [target, files] of Object.entries(targets)) {
  const constants = Object.entries(files).map(([name, file]) => {
    const lines = readFileSync(new URL(file, folder), 'utf8').split('\n');
    return `// prettier-ignore\nexport const ${name}: string = [\n${lines.map((line) => `  ${JSON.stringify(line)},\n`).join('')}].join('\\n');\n`;
  });
  writeFileSync(new URL(target, folder), [header, ...constants].join('\n'));
}
