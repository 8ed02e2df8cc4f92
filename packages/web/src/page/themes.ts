/** The two themes of `checkout.css`, as far as a merchant's colour has to be seen on them: read from it, so that they are never two truths. */
import type { Theme } from './accent.ts';
import { checkoutCss } from '../asset-files.ts';
import { hexOf, mix, rgbOf } from './colour.ts';

/** Of `.state`; a test holds it to the style. */
const TINT = 0.09;

const LIGHT = propertiesOf(/^:root \{([^}]*)\}/m);
const DARK = { ...LIGHT, ...propertiesOf(/^@media \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/m) };

export const themes: { light: Theme; dark: Theme } = {
  light: { surfaces: surfacesOf(LIGHT), isDark: false },
  dark: { surfaces: surfacesOf(DARK), isDark: true },
};

/** The page, a card on it, and what `.state` makes of a card in each of its tones. */
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
