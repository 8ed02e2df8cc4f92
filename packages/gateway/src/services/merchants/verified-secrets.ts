/**
 * Remembers secrets that were right before. They are checked even while the address that sends them is limited because of too many wrong
 * secrets, so that nobody at the same address can lock a shop out. Other secrets are refused without a query. A remembered secret may
 * have been revoked since: it is only exempt from the limit.
 */
import { createHash } from 'node:crypto';

const MAX_SECRETS = 1_000;

export class VerifiedSecrets {
  /** Their SHA-256 hashes, least recently used first. */
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
