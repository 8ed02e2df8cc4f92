/** Writes `src/assets/embedded.ts` from the files beside it. Run it after a change to one of them. */
import { readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../src/assets/', import.meta.url);
const files = { checkoutCss: 'checkout.css', checkoutJs: 'checkout.js' };

const constants = Object.entries(files).map(([name, file]) => {
  const lines = readFileSync(new URL(file, folder), 'utf8').split('\n');
  return `// prettier-ignore\nexport const ${name}: string = [\n${lines.map((line) => `  ${JSON.stringify(line)},\n`).join('')}].join('\\n');\n`;
});
const header = '// Written by `npm run embed --workspace packages/web` from the files beside this one: change those instead.\n';
writeFileSync(new URL('embedded.ts', folder), [header, ...constants].join('\n'));
