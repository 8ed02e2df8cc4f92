/** Writes every state of the checkout page into a folder, to look at: `preview.ts FOLDER`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { assets, renderCheckoutPage, renderNotFoundPage } from '../src/index.ts';
import { SAMPLES, VARIANTS } from '../src/checkout/samples.ts';

const folder = process.argv[2] ?? 'preview';
const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);

mkdirSync(join(folder, 'assets'), { recursive: true });
for (const [path, { body }] of assets) write(path, body);
for (const [name, view] of Object.entries({ ...SAMPLES, ...VARIANTS })) write(`${name}.html`, renderCheckoutPage(view));
write('not-found.html', renderNotFoundPage());
