/** A person or program that looks at the panel or calls its API: who it is, and what it may see and do. */
import type { PosId } from '../kernel/ids.ts';
import type { Actor } from './actor.ts';
import { PERMISSIONS, type Permission } from './role.ts';

export interface Viewer {
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
  /** The POS whose orders, callbacks and settings the viewer sees; undefined: all. */
  readonly posIds: ReadonlySet<PosId> | undefined;
  /** Whether the viewer sees the orders of today only. */
  readonly onlyToday: boolean;
  /** BCP 47; null: as the browser prefers. */
  readonly language: string | null;
}

/** Somebody who runs commands on the gateway's machine, and so may do everything. */
export const OPERATOR: Viewer = {
  actor: { kind: 'operator' },
  permissions: new Set(PERMISSIONS),
  posIds: undefined,
  onlyToday: false,
  language: null,
};

export function seesPos({ posIds }: Pick<Viewer, 'posIds'>, id: PosId): boolean {
  return posIds === undefined || posIds.has(id);
}
