/** The surfaces of the two themes, read from `checkout.css` so that there is one definition. */
import type { Theme } from './accent.ts';
import { checkoutCss } from '../asset-files.ts';
import { hexOf, mix, rgbOf } from './colour.ts';

/** The share of the tone in the background of `.state`. A test compares it with the style sheet. */
const TINT = 0.09;

const LIGHT = propertiesOf(/^:root \{([^}]*)\}/m);
const DARK = { ...LIGHT, ...propertiesOf(/^@media \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/m) };

export const themes: { light: Theme; dark: Theme } = {
  light: { surfaces: surfacesOf(LIGHT), isDark: false },
  dark: { surfaces: surfacesOf(DARK), isDark: true },
};

/** The page, a card on it, and `.state` in each of its tones. */
function surfacesOf(properties: Readonly<Record<string, string>>): string[] {
  const colour = (name: string): string => {
    const value = properties[name];
    if (value === undefined) throw new Error(`checkout.css: expected --${name} in each :root`);
    return value;
  };
  const tinted = ['quiet', 'heed', 'working', 'good', 'bad'].map((tone) =>
    hexOf(mix(rgbOf(colour('card')), rgbOf(colour(tone)), TINT)),
  );
  return [colour('ground'), colour('card'), ...tinted];
}

function propertiesOf(block: RegExp): Record<string, string> {
  const [, text = ''] = block.exec(checkoutCss) ?? [];
  return Object.fromEntries(
    [...text.matchAll(/--([a-z-]+): (#[\da-f]{3,6});/g)].map(([, name = '', value = '']) => [name, value]),
  );
}
