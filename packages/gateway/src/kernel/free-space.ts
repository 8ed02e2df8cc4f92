/** How much room a file system has, in words and in limits. */

/** Below this it is time to look after it. */
export const LOW_SPACE_BYTES: number = 256 * 1024 * 1024;
/** Below this the next busy hour may fill it. */
export const NO_SPACE_BYTES: number = 32 * 1024 * 1024;

/** @example inMegabytes(1_500_000) // '1 MB' */
export function inMegabytes(bytes: number): string {
  return `${Math.floor(bytes / 1_000_000)} MB`;
}
