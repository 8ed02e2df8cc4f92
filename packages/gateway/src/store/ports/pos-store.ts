import type { PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';

export interface PosStore {
  insert(pos: Pos): Promise<void>;
  /** Writes what a POS may do (its secrets, and whether it is active), what its orders take from it, and how it looks. */
  update(pos: Pos): Promise<void>;
  get(id: PosId): Promise<Pos | undefined>;
  /** Reads a POS and keeps others from changing it until the transaction ends. */
  lock(id: PosId): Promise<Pos | undefined>;
  byClientId(clientId: string): Promise<Pos | undefined>;
  /** Takes away a POS that has no orders. In a transaction that has locked it. */
  delete(id: PosId): Promise<void>;
  list(): Promise<Pos[]>;
}
