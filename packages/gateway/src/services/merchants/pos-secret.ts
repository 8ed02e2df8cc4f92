/** The secrets of a POS in the clear: to compare at login, and to sign its callbacks. */
import { randomBytes } from 'node:crypto';
import { platformKey, type CallbackKeys } from '../../callbacks/sign.ts';
import { standardKey } from '../../callbacks/standard-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { Pos } from '../../merchants/pos.ts';
import { secretsAt, type PosSecret } from '../../merchants/secret-rotation.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import { unseal } from '../../security/seal.ts';

type SealKey = Pick<GatewayKeys, 'seal'>;

/** 256 random bits, in hex. */
export function newSecret(): string {
  return randomBytes(32).toString('hex');
}

/** @throws Error when the secret was sealed with another key file. */
export function openSecret(pos: Pos, { sealedSecret }: Pick<PosSecret, 'sealedSecret'>, keys: SealKey): string {
  return unseal(sealedSecret, pos.id, keys.seal);
}

/**
 * What signs a callback sent at a time: while there are two secrets, the first one alone by `chainside-signature`, which has room for
 * one signature, and both by Standard Webhooks.
 */
export function callbackKeys(pos: Pos, now: EpochMs, keys: SealKey): CallbackKeys {
  const [first, ...others] = secretsAt(pos, now);
  const secret = openSecret(pos, first, keys);
  const standard = [secret, ...others.map((other) => openSecret(pos, other, keys))].map((each) => standardKey(each));
  return { platform: platformKey(secret), standard };
}
