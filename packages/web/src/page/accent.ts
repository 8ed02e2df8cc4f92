/**
 * A merchant's colour, applied so that the page stays legible whatever the colour is (WCAG 2.2, 1.4.3 and 1.4.11). A button has
 * exactly that colour, with text in black or white, one of which is always legible. If the button would be hard to tell from its
 * surface, its edge is a darker or lighter shade; so are links.
 */
import { contrast, hexOf, mix, rgbOf, type Rgb } from './colour.ts';

/** The colours of a theme that buttons and links are on. */
export interface Theme {
  /** Every colour that buttons and links are on, as `#rrggbb`. */
  surfaces: readonly string[];
  isDark: boolean;
}

/** Each as `#rrggbb`. */
export interface AccentColours {
  /** The merchant's own. */
  accent: string;
  /** A button under the pointer. */
  hover: string;
  /** Text on either: a contrast of at least 4.5. */
  onAccent: string;
  /** The edge of a button: at least 3 to every surface. */
  edge: string;
  /** Text in that colour: at least 4.5 to every surface. */
  link: string;
}

/**
 * @param accent `#rrggbb`.
 * @returns the style that applies the colour in both themes; null if the text is not a colour.
 */
export function accentCss(accent: string, themes: { light: Theme; dark: Theme }): string | null {
  if (!/^#[0-9a-f]{6}$/i.test(accent)) return null;
  const light = rootRule(accentColours(accent, themes.light));
  const dark = rootRule(accentColours(accent, themes.dark));
  return `${light}@media(prefers-color-scheme:dark){${dark}}`;
}

/** @param accent `#rrggbb`. */
export function accentColours(accent: string, { surfaces, isDark }: Theme): AccentColours {
  const own = rgbOf(accent);
  const words = contrast(own, WHITE) >= TEXT ? WHITE : BLACK;
  const seenOn = surfaces.map(rgbOf);
  const shade = (least: number): string => hexOf(shadeThatIsSeen(own, { on: seenOn, towards: isDark ? WHITE : BLACK, least }));
  return {
    accent: hexOf(own),
    hover: hexOf(hoverOf(own, words)),
    onAccent: hexOf(words),
    edge: shade(CONTROL),
    link: shade(TEXT),
  };
}

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
const TEXT = 4.5;
const CONTROL = 3;
const STEPS = 100;
const HOVER_SHARE = 0.15;

/** The colour with the least black or white mixed in that is enough. */
function shadeThatIsSeen(colour: Rgb, { on, towards, least }: { on: readonly Rgb[]; towards: Rgb; least: number }): Rgb {
  for (let step = 0; step < STEPS; step += 1) {
    const shade = mix(colour, towards, step / STEPS);
    if (on.every((surface) => contrast(shade, surface) >= least)) return shade;
  }
  return towards;
}

/** Away from the colour of the text; or towards it where there is no room, as with black. */
function hoverOf(colour: Rgb, words: Rgb): Rgb {
  const away = mix(colour, words === WHITE ? BLACK : WHITE, HOVER_SHARE);
  const towards = mix(colour, words, HOVER_SHARE);
  return contrast(colour, away) < 1.1 && contrast(towards, words) >= TEXT ? towards : away;
}

function rootRule({ accent, hover, onAccent, edge, link }: AccentColours): string {
  return `:root{--accent:${accent};--accent-hover:${hover};--on-accent:${onAccent};--accent-edge:${edge};--link:${link}}`;
}
