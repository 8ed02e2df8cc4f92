import type { AccountId } from '../../kernel/ids.ts';
import { deleteAccount, deletePos } from '../../services/merchants/delete-unused.ts';
import type { Command } from '../command.ts';
import { findPos, POS_OPTIONS, readWhichPos } from '../support/find-pos.ts';
import { readOptions } from '../support/options.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos pos delete`: takes away a point of sale that has no orders. */
export const posDelete: Command = async (world, config, words) => {
  const options = readOptions(words, POS_OPTIONS);
  const which = readWhichPos(options);
  const { id, name } = await withBase(world, config, async ({ store }) => deletePos({ store }, (await findPos(store, which)).id));
  if (options.json) return world.out(JSON.stringify({ uuid: id, name, deleted: true }));
  world.out(`POS ${id} (${name}) is deleted: it never had an order.`);
};

/** `webpos account delete`: takes away a wallet of which no address was handed out. */
export const accountDelete: Command = async (world, config, words) => {
  const options = readOptions(words, ['account']);
  const given = options.uuid<AccountId>('account', 'an account');
  if (given === undefined) throw new UsageError('--account: expected a value, got nothing');
  const { id, name } = await withBase(world, config, ({ store }) => deleteAccount({ store }, given));
  if (options.json) return world.out(JSON.stringify({ uuid: id, name, deleted: true }));
  world.out(`Account ${id} (${name}) is deleted: no address of it was handed out.`);
};
