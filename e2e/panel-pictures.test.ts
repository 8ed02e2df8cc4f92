/** Checks that the documentation shows the pictures that `npm run screenshots` takes of the panel, and that they stay small. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { fileOf, panelPictures } from '../scripts/support/panel/panel-pictures.ts';

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));
const drawn = readdirSync(`${DOCS}screenshots/panel`);
const PATHS = { order: '', refund: '', callback: '', link: '', publicLink: '', merchant: '', pos: '', welcome: '' };

it('the documentation shows every picture of the panel, and no other', () => {
  const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md'));
  const shown = pages.flatMap((name) => [...readFileSync(DOCS + name, 'utf8').matchAll(/screenshots\/panel\/([\w-]+\.webp)/g)]);
  expect(new Set(shown.map(([, name]) => name))).toEqual(new Set(drawn));
});

it('the pictures are those that are taken, and together small enough for every clone', () => {
  expect([...drawn].sort()).toEqual(
    panelPictures(PATHS)
      .map((picture) => `${fileOf(picture)}.webp`)
      .sort(),
  );
  const bytes = drawn.reduce((sum, name) => sum + statSync(`${DOCS}screenshots/panel/${name}`).size, 0);
  expect(bytes).toBeLessThan(1_500_000);
});
