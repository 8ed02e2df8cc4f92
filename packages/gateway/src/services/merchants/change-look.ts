/** Changes the look of a POS. A logo is stored once, under the hash of its bytes, for as long as a POS uses it. */
import { createHash } from 'node:crypto';
import type { PosId } from '../../kernel/ids.ts';
import type { LogoId, LogoImage } from '../../merchants/logo-image.ts';
import type { Pos, PosLook } from '../../merchants/pos.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { StoreContext } from '../context.ts';
import { changePos } from './change-pos.ts';

/** Fields that are left out do not change; null resets a field. */
export interface LookChange extends Partial<Omit<PosLook, 'logo'>> {
  readonly logo?: LogoImage | null;
}

/** @throws PosMissingError */
export async function changeLook(
  { store }: Pick<StoreContext, 'store'>,
  id: PosId,
  { name, ...look }: LookChange & { readonly name?: string },
): Promise<Pos> {
  const changed = await changePos(store, id, async (pos, tx) => ({
    ...pos,
    name: name ?? pos.name,
    look: await changedLook(tx, pos.look, look),
  }));
  // The previous logo, unless another POS uses it.
  if (look.logo !== undefined) await store.logos.deleteUnused();
  return changed;
}

/** Returns the changed look, and stores its logo. */
export async function changedLook(tx: StoreTransaction, look: PosLook, { logo, ...change }: LookChange): Promise<PosLook> {
  if (logo === undefined) return { ...look, ...change };
  return { ...look, ...change, logo: logo === null ? null : await storedLogo(tx, logo) };
}

async function storedLogo(tx: StoreTransaction, image: LogoImage): Promise<LogoId> {
  const id = createHash('sha256').update(image.bytes).digest('hex') as LogoId;
  await tx.logos.put(id, image);
  return id;
}
