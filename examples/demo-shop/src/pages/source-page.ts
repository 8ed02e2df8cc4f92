/** The shop's own source, for those who want to see how it is done. */
import { readdirSync, readFileSync } from 'node:fs';

import type { Answer } from '../http.ts';
import { escape, message, page, type Surroundings } from './page.ts';

const FOLDER = new URL('..', import.meta.url);

/** What belongs to taking payments first. */
const FILES = ['shop.ts', 'order-book.ts', 'main.ts', 'cart.ts', 'goods.ts', 'http.ts', 'static-files.ts'].concat(
  readdirSync(new URL('pages', FOLDER)).map((name) => `pages/${name}`),
);

export function sourcePage(around: Surroundings, file: string): Answer {
  if (!FILES.includes(file)) return message(around, 404, 'No such file', 'This shop has no source of that name.');
  const links = FILES.map(
    (name) => `<li><a href="/source?file=${name}"${name === file ? ' aria-current="page"' : ''}>${name}</a></li>`,
  );
  const lines = readFileSync(new URL(file, FOLDER), 'utf8').trimEnd().split('\n').map(sourceLine);
  const content = `
    <h1>The source of this shop</h1>
    <p>It is a Node.js program without dependencies but <code>@webpos/sdk</code>: <code>examples/demo-shop</code> in the repository.</p>
    <ul class="files">${links.join('')}</ul>
    <pre class="source" tabindex="0"><code>${lines.join('\n')}</code></pre>`;
  return page(around, 200, 'Source', content, { kind: 'source-page' });
}

/** Comments are set apart, and functions can be linked to by their names; for more than that a reader has an editor. */
function sourceLine(line: string): string {
  const text = escape(line);
  const [, name] = /^\s*(?:export )?(?:async )?function (\w+)/.exec(line) ?? [];
  if (name !== undefined) return `<b id="${name}">${text}</b>`;
  return /^\s*(\/\/|\/\*\*|\*)/.test(line) ? `<i>${text}</i>` : text;
}
