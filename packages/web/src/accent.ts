/** A merchant's colour as that of the buttons, with text on it that can be read whatever the colour is. */

/**
 * @param accent `#rrggbb`.
 * @returns the style that says so; null when that is no colour.
 */
export function accentCss(accent: string): string | null {
  if (!/^#[0-9a-f]{6}$/i.test(accent)) return null;
  return `:root{--accent:${accent};--accent-hover:${accent};--on-accent:${textOn(accent)}}`;
}

/** Black or white, whichever is read more easily: on any colour one of them has a contrast of at least 4.58. */
function textOn(colour: string): '#000' | '#fff' {
  const light = luminance(colour);
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? '#000' : '#fff';
}

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
