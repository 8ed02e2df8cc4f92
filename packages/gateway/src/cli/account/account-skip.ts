import { randomBytes } from 'node:crypto';
import { systemClock } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { skipAddresses } from '../../services/addresses/skip-addresses.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

const MAX_INDEX = 2 ** 31 - 1;

/** `webpos account skip`: leaves out addresses that may have been handed out elsewhere; a gateway that serves goes on after them. */
export const accountSkip: Command = async (world, config, words) => {
  const options = readOptions(words, ['account', 'to']);
  const id = options.uuid<AccountId>('account', 'an account');
  if (id === undefined) throw new UsageError('--account: expected the UUID of an account, got nothing');
  options.required('to');
  const to = options.integer('to', 0, { least: 1, most: MAX_INDEX });
  const range = await withBase(world, config, ({ store, marks }) =>
    skipAddresses({ store, marks, clock: systemClock, session: randomBytes(8).toString('hex') }, id, to),
  );
  if (options.json) return world.out(JSON.stringify({ uuid: id, first: range.from, last: range.to - 1, next_index: to }));
  const count = range.to - range.from;
  const skipped = count === 1 ? `Address ${range.from} is skipped` : `Addresses ${range.from} to ${range.to - 1} are skipped`;
  world.out(`${skipped}. The next order of account ${id} gets address ${to}.`);
};
