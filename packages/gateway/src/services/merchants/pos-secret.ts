/** Generates and decrypts the secrets of POS, and derives the keys that sign their callbacks. */
import { randomBytes } from 'node:crypto';
import { platformKey, type CallbackKeys } from '../../callbacks/sign.ts';
import { standardKey } from '../../callbacks/standard-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { Pos } from '../../merchants/pos.ts';
import { secretsAt, type PosSecret } from '../../merchants/secret-rotation.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import { unseal } from '../../security/seal.ts';

type SealKey = Pick<GatewayKeys, 'seal'>;

/** Returns 256 random bits in hexadecimal. */
export function newSecret(): string {
  return randomBytes(32).toString('hex');
}

/** Decrypts a secret. @throws Error if it was encrypted with another key file. */
export function openSecret(pos: Pos, { sealedSecret }: Pick<PosSecret, 'sealedSecret'>, keys: SealKey): string {
  return unseal(sealedSecret, pos.id, keys.seal);
}

/**
 * Returns the keys that sign a callback at a time. During a rotation, the first secret alone signs `chainside-signature`, which has room
 * for one signature, and both sign the headers of Standard Webhooks.
 */
export function callbackKeys(pos: Pos, now: EpochMs, keys: SealKey): CallbackKeys {
  const [first, ...others] = secretsAt(pos, now);
  const secret = openSecret(pos, first, keys);
  const standard = [secret, ...others.map((other) => openSecret(pos, other, keys))].map((each) => standardKey(each));
  return { platform: platformKey(secret), standard };
}
