/** Checks that the documentation shows the pictures that `npm run screenshots` takes, one of every state. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { CHECKOUT_STATES, type CheckoutStateName } from '../../test/support/checkout-stage.ts';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
const page = readFileSync(`${DOCS}checkout-states.md`, 'utf8');
const pictures = readdirSync(`${DOCS}screenshots`).filter((name) => name.endsWith('.webp'));

it.each(Object.entries(CHECKOUT_STATES) as [CheckoutStateName, string][])(
  'the documentation shows the state %s, %s',
  (state, headline) => {
    const row = page.split('\n').find((line) => line.startsWith(`| **${headline}**`));
    for (const picture of [`phone-light-${state}.webp`, `phone-dark-${state}.webp`, `desktop-light-${state}.webp`]) {
      expect(row).toContain(`screenshots/${picture}`);
      expect(pictures).toContain(picture);
    }
    expect(pictures).toContain(`desktop-dark-${state}.webp`);
  },
);

it('every picture that the documentation shows exists, and together they are small enough for every clone', () => {
  const shown = [page, readFileSync(`${DOCS}../README.md`, 'utf8')].flatMap((text) => [
    ...text.matchAll(/screenshots\/([\w-]+\.webp)/g),
  ]);
  expect(shown.map(([, name]) => name).filter((name) => !pictures.includes(name ?? ''))).toEqual([]);
  const bytes = pictures.reduce((sum, name) => sum + statSync(`${DOCS}screenshots/${name}`).size, 0);
  expect(bytes).toBeLessThan(1_500_000);
});
