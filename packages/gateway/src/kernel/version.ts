/** The version of this gateway, and the comparison of versions. */

/** The same as in `package.json`, which a test checks. */
export const VERSION = '0.1.0';

/**
 * Compares two versions by their major and minor numbers. A patch release never changes the stored format, so it is ignored.
 *
 * @returns a number below 0 if `a` is older, above 0 if it is newer; undefined if either is not a version.
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
