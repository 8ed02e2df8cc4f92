/** The options `--pos` and `--client-id`, which identify the POS of a command. */
import type { OptionHelp } from '@webpos/listen/help';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Store } from '../../store/ports/store.ts';
import type { Options } from './options.ts';
import { UsageError } from './usage-error.ts';

export type PosOption = 'pos' | 'client-id';

export const POS_USAGE = '(--pos UUID | --client-id ID)';

export const POS_OPTIONS: Readonly<Record<PosOption, OptionHelp>> = {
  pos: { value: 'UUID', text: 'point of sale', allowed: 'the UUID that webpos pos list shows' },
  'client-id': { value: 'ID', text: 'point of sale', allowed: 'the client id that its shop logs in with' },
};

/** The option that identifies the POS, and its value. */
export type WhichPos = { readonly by: 'id'; readonly id: PosId } | { readonly by: 'client-id'; readonly clientId: string };

/** @throws UsageError unless exactly one of the two options is given. */
export function readWhichPos(options: Options<PosOption>): WhichPos {
  const id = options.uuid<PosId>('pos', 'a POS');
  const clientId = options.optional('client-id');
  if (id !== undefined && clientId === undefined) return { by: 'id', id };
  if (clientId !== undefined && id === undefined) return { by: 'client-id', clientId: options.required('client-id') };
  throw new UsageError(`expected one of --pos and --client-id, got ${id === undefined ? 'neither' : 'both'}`);
}

/** @throws OperatorError when the POS does not exist. */
export async function findPos(store: Store, which: WhichPos): Promise<Pos> {
  const pos = await (which.by === 'id' ? store.pos.get(which.id) : store.pos.byClientId(which.clientId));
  if (pos !== undefined) return pos;
  throw new OperatorError(which.by === 'id' ? `--pos: no POS with id ${which.id}` : '--client-id: no POS with this client id');
}
