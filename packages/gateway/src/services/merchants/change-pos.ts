/** Changes a POS. Changes of one POS run one after the other, so that none is lost. */
import type { PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Pos } from '../../merchants/pos.ts';
import { withActive } from '../../merchants/secret-rotation.ts';
import type { Actor } from '../../people/actor.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import type { StoreContext } from '../context.ts';

class PosMissingError extends OperatorError {
  override readonly name = 'PosMissingError';
}

/** @throws PosMissingError; what `change` throws. Nothing is stored then. */
export async function changePos(
  store: StoreContext['store'],
  id: PosId,
  change: (pos: Pos, tx: StoreTransaction) => Pos | Promise<Pos>,
): Promise<Pos> {
  return store.transaction(async (tx) => {
    const stored = await tx.pos.lock(id);
    if (stored === undefined) throw new PosMissingError(`no POS with id ${id}`);
    const changed = await change(stored, tx);
    if (changed !== stored) await tx.pos.update(changed);
    return changed;
  });
}

/**
 * Enables or disables a POS. A disabled one cannot log in, and its access tokens are revoked. Its orders continue: they are watched,
 * paid and reported.
 *
 * @param recorded Is called in the transaction, unless the POS is as wanted.
 * @throws PosMissingError
 */
export async function switchPos(
  { store, clock }: StoreContext,
  id: PosId,
  active: boolean,
  recorded?: (tx: StoreTransaction) => Promise<void>,
): Promise<Pos> {
  return changePos(store, id, async (pos, tx) => {
    if (pos.active === active) return pos;
    await recorded?.(tx);
    return withActive(pos, active, clock.now());
  });
}

/** As `switchPos`, and records who did it. @throws PosMissingError */
export async function switchPosAs(context: StoreContext & AuditContext, actor: Actor, id: PosId, active: boolean): Promise<Pos> {
  const action = active ? 'pos.enable' : 'pos.disable';
  return switchPos(context, id, active, (tx) => recordAction(context, tx, actor, { action, subject: { kind: 'pos', id } }));
}
