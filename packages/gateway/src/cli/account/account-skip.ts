import { randomBytes } from 'node:crypto';
import { systemClock } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { skipAddresses } from '../../services/addresses/skip-addresses.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { ACCOUNT_OPTION } from '../support/common-options.ts';
import { withBase } from '../support/with-base.ts';

const MAX_INDEX = 2 ** 31 - 1;

/** `webpos account skip`: skips addresses that may have been handed out elsewhere. A running gateway continues after them. */
export const accountSkip: Command = defineCommand({
  name: 'account skip',
  summary: 'Skip addresses that may have been handed out elsewhere',
  usage: '--account UUID --to N',
  options: {
    account: ACCOUNT_OPTION,
    to: {
      value: 'N',
      text: "index of the next order's address",
      allowed: 'above the next index that webpos account list shows, by at most 100000',
    },
  },
  notes: ['Works while a gateway serves. It cannot be undone: skipped addresses are never handed out, but are still watched.'],
  example: '--account 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --to 1200',
  run: async (world, config, options) => {
    const id = options.requiredUuid<AccountId>('account', 'an account');
    options.required('to');
    const to = options.integer('to', 0, { min: 1, max: MAX_INDEX });
    const range = await withBase(world, config, ({ store, marks }) =>
      skipAddresses({ store, marks, clock: systemClock, session: randomBytes(8).toString('hex') }, id, to),
    );
    if (options.json) return world.out(JSON.stringify({ uuid: id, first: range.from, last: range.to - 1, next_index: to }));
    const count = range.to - range.from;
    const skipped = count === 1 ? `Address ${range.from} is skipped` : `Addresses ${range.from} to ${range.to - 1} are skipped`;
    world.out(`${skipped}. The next order of account ${id} gets address ${to}.`);
  },
});
