import type { PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';

export interface PosStore {
  insert(pos: Pos): Promise<void>;
  /** Stores all changeable properties of a POS. */
  update(pos: Pos): Promise<void>;
  get(id: PosId): Promise<Pos | undefined>;
  /** Reads a POS and locks it until the transaction ends. */
  lock(id: PosId): Promise<Pos | undefined>;
  byClientId(clientId: string): Promise<Pos | undefined>;
  /** Deletes a POS that has no orders. Call it in a transaction that has locked it. */
  delete(id: PosId): Promise<void>;
  list(): Promise<Pos[]>;
}
