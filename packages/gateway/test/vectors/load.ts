/** Reads published test vectors; see README.md beside this file. */
import { readFileSync } from 'node:fs';

/**
 * Loads the vectors of a file. The caller names the fields that it uses, all optional because a file contains several kinds.
 *
 * @example loadVectors<{ xpub?: string; valid?: boolean }>('bip32')
 */
export function loadVectors<Vector>(name: string): readonly Vector[] {
  const file = JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')) as { vectors: Vector[] };
  return file.vectors;
}
