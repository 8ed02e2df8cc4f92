import { OperatorError } from '../../kernel/operator-error.ts';
import type { PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Store } from '../../store/ports/store.ts';
import type { Options } from './options.ts';
import { UsageError } from './usage-error.ts';

/** The names of the options by which a command is told which POS it is about. */
export const POS_OPTIONS = ['pos', 'client-id'] as const;

/** How a command was told which POS it is about. */
export type WhichPos = { readonly by: 'id'; readonly id: PosId } | { readonly by: 'client-id'; readonly clientId: string };

/** @throws UsageError when neither is given, or both. */
export function readWhichPos(options: Options): WhichPos {
  const id = options.uuid<PosId>('pos', 'a POS');
  const clientId = options.optional('client-id');
  if (id !== undefined && clientId === undefined) return { by: 'id', id };
  if (clientId !== undefined && id === undefined) return { by: 'client-id', clientId: options.required('client-id') };
  throw new UsageError(`expected one of --pos and --client-id, got ${id === undefined ? 'neither' : 'both'}`);
}

/** @throws OperatorError when none exists. */
export async function findPos(store: Store, which: WhichPos): Promise<Pos> {
  const pos = await (which.by === 'id' ? store.pos.get(which.id) : store.pos.byClientId(which.clientId));
  if (pos !== undefined) return pos;
  throw new OperatorError(which.by === 'id' ? `--pos: no POS with id ${which.id}` : '--client-id: there is no POS with it');
}
