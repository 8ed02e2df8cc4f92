/** Rotates the secret of a POS, so that its shop can log in and verify callbacks throughout. */
import { standardSecret } from '../../callbacks/standard-key.ts';
import { isoDate, type EpochMs } from '../../kernel/clock.ts';
import type { PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Pos } from '../../merchants/pos.ts';
import { rotationEnd, upToDate, withRotationCancelled, withRotationEnded } from '../../merchants/secret-rotation.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import { seal } from '../../security/seal.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { StoreContext } from '../context.ts';
import { changePos } from './change-pos.ts';
import { newSecret, openSecret } from './pos-secret.ts';

class RotationError extends OperatorError {
  override readonly name = 'RotationError';
}

type Context = StoreContext & { readonly keys: Pick<GatewayKeys, 'seal'> };

export interface StartedRotation {
  readonly pos: Pos;
  /** The second secret: 256 random bits in hexadecimal. It is stored encrypted, and is not shown again. */
  readonly secret: string;
  /** The key for Standard Webhooks that is derived from it. */
  readonly webhookSecret: string;
  /** When the rotation ends by itself. */
  readonly endsAt: EpochMs;
}

/** Called in the transaction of a change. */
type Recorded = (tx: StoreTransaction, pos: Pos) => Promise<void>;

/** Gives a POS a second secret. @throws OperatorError if the POS does not exist, or a rotation is in progress. */
export async function startRotation({ store, clock, keys }: Context, id: PosId, recorded?: Recorded): Promise<StartedRotation> {
  const now = clock.now();
  const secret = newSecret();
  const pos = await changePos(store, id, async (stored, tx) => {
    const current = upToDate(stored, now);
    const end = rotationEnd(current, now);
    if (end !== undefined) throw new RotationError(inProgress(id, end));
    // Fails if the key file is not the one that encrypted the first secret: two secrets of two key files would be useless.
    openSecret(current, current, keys);
    await recorded?.(tx, stored);
    return { ...current, rotation: { sealedSecret: seal(secret, id, keys.seal), startedAt: now } };
  });
  return { pos, secret, webhookSecret: standardSecret(secret), endsAt: rotationEnd(pos, now) ?? now };
}

/** Revokes the second secret. @throws OperatorError if the POS does not exist, or no rotation is in progress. */
export async function cancelRotation(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  id: PosId,
  recorded?: Recorded,
): Promise<Pos> {
  return endRotation({ store, clock }, id, withRotationCancelled, recorded);
}

/** Revokes the first secret and its access tokens. @throws OperatorError if the POS does not exist, or no rotation is in progress. */
export async function completeRotation(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  id: PosId,
  recorded?: Recorded,
): Promise<Pos> {
  return endRotation({ store, clock }, id, withRotationEnded, recorded);
}

async function endRotation(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  id: PosId,
  ended: (pos: Pos) => Pos,
  recorded: Recorded | undefined,
): Promise<Pos> {
  const now = clock.now();
  return changePos(store, id, async (stored, tx) => {
    if (rotationEnd(stored, now) === undefined) throw notInProgress(stored);
    await recorded?.(tx, stored);
    return ended(stored);
  });
}

function notInProgress({ id, rotation }: Pos): RotationError {
  return new RotationError(
    rotation === null
      ? `pos: expected one whose secret is being rotated, got ${id}, whose secret is not`
      : `pos: the rotation of the secret of ${id}, begun at ${isoDate(rotation.startedAt)}, has ended by itself after a day`,
  );
}

function inProgress(id: PosId, end: EpochMs): string {
  return `pos: the secret of ${id} is already being rotated, until ${isoDate(end)} or until the rotation is completed`;
}
