/**
 * The rotation of a POS's secret. It begins with a second secret: both are valid for logins, and callbacks are still signed with the
 * first, so a shop that has both can verify them throughout. It ends when the operator completes it, or a day after it began. From then
 * on only the second secret is valid, and the access tokens of the first are revoked. The end by time needs no timer: it is computed
 * from the start.
 */
import { plusMs, type EpochMs } from '../kernel/clock.ts';
import { DAY_MS } from '../kernel/durations.ts';
import type { Pos } from './pos.ts';

const MAX_ROTATION_MS = DAY_MS;

/** A valid secret. */
export interface PosSecret {
  readonly generation: number;
  readonly sealedSecret: string;
}

/**
 * Returns the secrets that are valid at a time. The first one signs callbacks.
 *
 * @example secretsAt(pos, clock.now()).some(({ generation }) => generation === token.generation)
 */
export function secretsAt(stored: Pos, now: EpochMs): readonly [PosSecret, ...PosSecret[]] {
  const { generation, sealedSecret, rotation } = upToDate(stored, now);
  const first = { generation, sealedSecret };
  return rotation === null ? [first] : [first, { generation: generation + 1, sealedSecret: rotation.sealedSecret }];
}

/** When the rotation ends by itself; undefined if none is in progress. */
export function rotationEnd({ rotation }: Pos, now: EpochMs): EpochMs | undefined {
  if (rotation === null) return undefined;
  const end = plusMs(rotation.startedAt, MAX_ROTATION_MS);
  return now < end ? end : undefined;
}

/** Returns the POS as it is at a time: a rotation that began a day ago has ended. */
export function upToDate(stored: Pos, now: EpochMs): Pos {
  return stored.rotation !== null && rotationEnd(stored, now) === undefined ? withRotationEnded(stored) : stored;
}

/** Ends a rotation: the second secret becomes the only one. Without a rotation, returns the POS unchanged. */
export function withRotationEnded(pos: Pos): Pos {
  if (pos.rotation === null) return pos;
  return { ...pos, sealedSecret: pos.rotation.sealedSecret, generation: pos.generation + 1, rotation: null };
}

/**
 * Cancels a rotation: the first secret stays the only one. The access tokens of both secrets are revoked, because the next rotation would
 * otherwise reuse the second one's number and make its tokens valid again. Clients log in again.
 */
export function withRotationCancelled(pos: Pos): Pos {
  return pos.rotation === null ? pos : { ...pos, generation: pos.generation + 2, rotation: null };
}

/** Enables or disables a POS. Disabling revokes all its access tokens. */
export function withActive(stored: Pos, active: boolean, now: EpochMs): Pos {
  const pos = upToDate(stored, now);
  if (pos.active === active) return pos;
  // Past the generations of both secrets.
  return { ...pos, active, generation: active ? pos.generation : pos.generation + 2 };
}
