/** The secrets of a POS in the clear: to compare at login, and to sign its callbacks. */
import type { EpochMs } from '../kernel/clock.ts';
import { randomBytes } from 'node:crypto';
import type { Pos } from '../orders/pos.ts';
import { secretsAt, type PosSecret } from '../orders/secret-rotation.ts';
import type { GatewayKeys } from '../security/key-file.ts';
import { unseal } from '../security/seal.ts';

type SealKey = Pick<GatewayKeys, 'seal'>;

/** 256 random bits, in hex. */
export function newSecret(): string {
  return randomBytes(32).toString('hex');
}

/** @throws Error when the secret was sealed with another key file. */
export function openSecret(pos: Pos, { sealedSecret }: Pick<PosSecret, 'sealedSecret'>, keys: SealKey): string {
  return unseal(sealedSecret, pos.id, keys.seal);
}

/** The secret that signs a callback sent at a time: the first one for as long as there are two. */
export function signingSecret(pos: Pos, now: EpochMs, keys: SealKey): string {
  return openSecret(pos, secretsAt(pos, now)[0], keys);
}
