/** Changes the secret of a POS without a moment in which a shop can neither log in nor verify a callback. */
import { standardSecret } from '../../callbacks/standard-key.ts';
import { isoDate, type EpochMs } from '../../kernel/clock.ts';
import type { PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Pos } from '../../merchants/pos.ts';
import { rotationEnd, upToDate, withRotationCancelled, withRotationEnded } from '../../merchants/secret-rotation.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import { seal } from '../../security/seal.ts';
import type { StoreContext } from '../context.ts';
import { changePos } from './change-pos.ts';
import { newSecret, openSecret } from './pos-secret.ts';

/** The secret cannot be changed so now. */
class RotationError extends OperatorError {
  override readonly name = 'RotationError';
}

type Context = StoreContext & { readonly keys: Pick<GatewayKeys, 'seal'> };

export interface StartedRotation {
  readonly pos: Pos;
  /** The second secret: 256 random bits in hex. It is stored sealed, and cannot be shown again. */
  readonly secret: string;
  /** The key drawn from it that verifies callbacks by Standard Webhooks. */
  readonly webhookSecret: string;
  /** When the rotation ends by itself. */
  readonly endsAt: EpochMs;
}

/** Gives a POS a second secret. @throws OperatorError when there is no such POS, or its secret is being changed already. */
export async function startRotation({ store, clock, keys }: Context, id: PosId): Promise<StartedRotation> {
  const now = clock.now();
  const secret = newSecret();
  const pos = await changePos(store, id, (stored) => {
    const current = upToDate(stored, now);
    const end = rotationEnd(current, now);
    if (end !== undefined) throw new RotationError(underWay(id, end));
    // Two secrets sealed with two key files would be of no use together.
    openSecret(current, current, keys);
    return { ...current, rotation: { sealedSecret: seal(secret, id, keys.seal), startedAt: now } };
  });
  return { pos, secret, webhookSecret: standardSecret(secret), endsAt: rotationEnd(pos, now) ?? now };
}

/** Takes back the second secret. @throws OperatorError when there is no such POS, or no rotation under way. */
export async function cancelRotation({ store, clock }: Pick<Context, 'store' | 'clock'>, id: PosId): Promise<Pos> {
  const now = clock.now();
  return changePos(store, id, (stored) => {
    if (rotationEnd(stored, now) !== undefined) return withRotationCancelled(stored);
    throw notUnderWay(stored);
  });
}

/** Ends the first secret and its access tokens. @throws OperatorError when there is no such POS, or no rotation under way. */
export async function completeRotation({ store, clock }: Pick<Context, 'store' | 'clock'>, id: PosId): Promise<Pos> {
  const now = clock.now();
  return changePos(store, id, (stored) => {
    if (rotationEnd(stored, now) !== undefined) return withRotationEnded(stored);
    throw notUnderWay(stored);
  });
}

function notUnderWay({ id, rotation }: Pos): RotationError {
  return new RotationError(
    rotation === null
      ? `pos: expected one whose secret is being changed, got ${id}, whose is not`
      : `pos: the change of the secret of ${id}, begun at ${isoDate(rotation.startedAt)}, has ended by itself after a day`,
  );
}

function underWay(id: PosId, end: EpochMs): string {
  return `pos: the secret of ${id} is being changed already, until ${isoDate(end)} or until the change is completed`;
}
