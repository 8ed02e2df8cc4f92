/** Limits and text for the free space of a file system. */

/** Below this, the operator should make room. */
export const LOW_SPACE_BYTES: number = 256 * 1024 * 1024;
/** Below this, the next busy hour may fill the file system. */
export const NO_SPACE_BYTES: number = 32 * 1024 * 1024;

/**
 * Formats bytes as whole megabytes, rounded down.
 *
 * @example inMegabytes(1_500_000) // '1 MB'
 */
export function inMegabytes(bytes: number): string {
  return `${Math.floor(bytes / 1_000_000)} MB`;
}
