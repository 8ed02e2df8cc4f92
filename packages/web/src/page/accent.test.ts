import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accentColours, accentCss } from './accent.ts';
import { checkoutCss } from '../asset-files.ts';
import { contrast, rgbOf } from './colour.ts';
import { themes } from './themes.ts';

const ratio = (one: string, other: string): number => contrast(rgbOf(one), rgbOf(other));

/** Throws if a contrast is too low. */
function assertLegible(accent: string, name: 'light' | 'dark'): void {
  const theme = themes[name];
  const colours = accentColours(accent, theme);
  const ratios: [what: string, is: number, least: number][] = [
    ['words on the button', ratio(colours.onAccent, colours.accent), 4.5],
    ['words on the button under the pointer', ratio(colours.onAccent, colours.hover), 4.5],
    ...theme.surfaces.flatMap((surface): [string, number, number][] => [
      [`the edge on ${surface}`, ratio(colours.edge, surface), 3],
      [`a link on ${surface}`, ratio(colours.link, surface), 4.5],
    ]),
  ];
  for (const [what, is, least] of ratios)
    if (is < least) throw new Error(`${accent}, ${name}: ${what} has ${is.toFixed(2)}, expected ${least}`);
  if (colours.accent !== accent) throw new Error(`${accent} became ${colours.accent}`);
}

const hex = (number: number): string => `#${number.toString(16).padStart(6, '0')}`;

describe.each(['light', 'dark'] as const)("a merchant's colour in the %s theme", (name) => {
  it('is legible at every 9th step of each channel', () => {
    const steps = [...Array.from({ length: 29 }, (_, step) => step * 9), 255];
    for (const r of steps) for (const g of steps) for (const b of steps) assertLegible(hex((r << 16) | (g << 8) | b), name);
  });

  it('is legible whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (number) => assertLegible(hex(number), name)),
      { numRuns: 5_000 },
    );
  });

  it('changes under the pointer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (number) => {
        const { accent, hover } = accentColours(hex(number), themes[name]);
        expect(hover).not.toBe(accent);
      }),
    );
  });
});

describe('the style', () => {
  it('covers both themes', () => {
    expect(accentCss('#f7931a', themes)).toMatch(
      /^:root\{--accent:#f7931a;--accent-hover:#[\da-f]{6};--on-accent:#000000;--accent-edge:#[\da-f]{6};--link:#[\da-f]{6}\}@media\(prefers-color-scheme:dark\)\{:root\{--accent:#f7931a;[^}]*\}\}$/,
    );
  });

  it.each(['', 'red', '#fff', '#12345g', '#123456}body{display:none', '#123456;'])('is not read from %j', (text) => {
    expect(accentCss(text, themes)).toBeNull();
  });

  it('is measured on the surfaces of checkout.css', () => {
    const { light, dark } = themes;
    expect(light.surfaces).toHaveLength(7);
    expect(light.surfaces.every((surface) => ratio(surface, '#000000') > 12)).toBe(true);
    expect(dark.surfaces.every((surface) => ratio(surface, '#ffffff') > 12)).toBe(true);
    expect(checkoutCss).toContain('background: color-mix(in srgb, var(--tone) 9%, var(--card));');
  });
});
