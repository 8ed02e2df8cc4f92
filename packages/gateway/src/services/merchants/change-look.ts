/** Applies a change to the look of a POS. A logo is stored once, under the hash of its bytes, for as long as a POS uses it. */
import { createHash } from 'node:crypto';
import type { LogoId, LogoImage } from '../../merchants/logo-image.ts';
import type { PosLook } from '../../merchants/pos.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/** Fields that are left out do not change; null resets a field. */
export interface LookChange extends Partial<Omit<PosLook, 'logo'>> {
  readonly logo?: LogoImage | null;
}

/** Returns the changed look, and stores its logo. The caller deletes logos that are no longer used. */
export async function changedLook(tx: StoreTransaction, look: PosLook, { logo, ...change }: LookChange): Promise<PosLook> {
  if (logo === undefined) return { ...look, ...change };
  return { ...look, ...change, logo: logo === null ? null : await storedLogo(tx, logo) };
}

async function storedLogo(tx: StoreTransaction, image: LogoImage): Promise<LogoId> {
  const id = createHash('sha256').update(image.bytes).digest('hex') as LogoId;
  await tx.logos.put(id, image);
  return id;
}
