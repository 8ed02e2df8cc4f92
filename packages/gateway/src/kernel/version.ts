/** The version of this gateway, and how versions compare. */

/** As in `package.json`: a test holds the two together. */
export const VERSION = '0.1.0';

/**
 * Orders versions by major and minor number alone: a release that changes only its patch number never changes what is stored.
 *
 * @returns a number below 0 when `a` is older, above 0 when it is newer; undefined when one of them is not a version.
 */
export function compareVersions(a: string, b: string): number | undefined {
  const [first, second] = [numbersOf(a), numbersOf(b)];
  if (first === undefined || second === undefined) return undefined;
  return first.major - second.major || first.minor - second.minor;
}

function numbersOf(version: string): { readonly major: number; readonly minor: number } | undefined {
  const [, major, minor] = /^(\d{1,6})\.(\d{1,6})\.\d{1,6}(?:[-+].*)?$/.exec(version) ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}
