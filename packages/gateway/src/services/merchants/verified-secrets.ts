/**
 * Secrets that were right before. Anyone who comes with one is let through to the database even while too many wrong ones come from
 * the same address, so that a stranger there locks nobody out; all others are refused before anything is looked up. A secret in here
 * may have ended since: it is only known, not good.
 */
import { createHash } from 'node:crypto';

const MAX_SECRETS = 1_000;

export class VerifiedSecrets {
  /** SHA-256 of each; the one that was used longest ago comes first. */
  readonly #hashes = new Set<string>();

  has(secret: string): boolean {
    return this.#hashes.has(hashOf(secret));
  }

  add(secret: string): void {
    const hash = hashOf(secret);
    this.#hashes.delete(hash);
    this.#hashes.add(hash);
    if (this.#hashes.size <= MAX_SECRETS) return;
    const [oldest] = this.#hashes;
    if (oldest !== undefined) this.#hashes.delete(oldest);
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}
