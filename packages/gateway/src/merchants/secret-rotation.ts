/**
 * The change of a POS's secret. It begins with a second secret beside the first: both log in, and callbacks go on being
 * signed with the first, so that a shop which was given both verifies throughout. It ends when the operator says so or a
 * day after it began, whichever comes first: from then on there is the second secret alone, and what the first one was
 * good for, its access tokens among it, is over. The end by time needs no timer: it is read from the time of the beginning.
 */
import { plusMs, type EpochMs } from '../kernel/clock.ts';
import { DAY_MS } from '../kernel/durations.ts';
import type { Pos } from './pos.ts';

/** How long both secrets are good at most. */
const MAX_ROTATION_MS = DAY_MS;

/** A secret that is good now. */
export interface PosSecret {
  readonly generation: number;
  readonly sealedSecret: string;
}

/**
 * The secrets that log in at a time. The first of them signs callbacks.
 *
 * @example secretsAt(pos, clock.now()).some(({ generation }) => generation === token.generation)
 */
export function secretsAt(stored: Pos, now: EpochMs): readonly [PosSecret, ...PosSecret[]] {
  const { generation, sealedSecret, rotation } = upToDate(stored, now);
  const first = { generation, sealedSecret };
  return rotation === null ? [first] : [first, { generation: generation + 1, sealedSecret: rotation.sealedSecret }];
}

/** When a rotation that is under way ends by itself; undefined when none exists. */
export function rotationEnd({ rotation }: Pos, now: EpochMs): EpochMs | undefined {
  if (rotation === null) return undefined;
  const end = plusMs(rotation.startedAt, MAX_ROTATION_MS);
  return now < end ? end : undefined;
}

/** The POS as it is at a time: a rotation that has lasted for its day is over. */
export function upToDate(stored: Pos, now: EpochMs): Pos {
  return stored.rotation !== null && rotationEnd(stored, now) === undefined ? withRotationEnded(stored) : stored;
}

/** The POS with its second secret as its only one, or as it is when it has no second one. */
export function withRotationEnded(pos: Pos): Pos {
  if (pos.rotation === null) return pos;
  return { ...pos, sealedSecret: pos.rotation.sealedSecret, generation: pos.generation + 1, rotation: null };
}

/**
 * The POS with its first secret as its only one. The access tokens of both end: those of the second must not come back to life with the
 * next rotation, which would number its secret alike. Clients then log in again.
 */
export function withRotationCancelled(pos: Pos): Pos {
  return pos.rotation === null ? pos : { ...pos, generation: pos.generation + 2, rotation: null };
}

/** The POS switched off, which ends every access token that it has for good, or on again. */
export function switched(stored: Pos, active: boolean, now: EpochMs): Pos {
  const pos = upToDate(stored, now);
  if (pos.active === active) return pos;
  // Past the generations of both secrets.
  return { ...pos, active, generation: active ? pos.generation : pos.generation + 2 };
}
