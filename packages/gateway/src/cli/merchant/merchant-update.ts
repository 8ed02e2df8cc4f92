import type { OptionTable } from '@webpos/listen/help';
import { merchantJson } from '../../services/merchants/settings/merchant-json.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { MerchantId } from '../../kernel/ids.ts';
import { changeMerchant } from '../../services/merchants/change-merchant.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { MERCHANT_OPTION } from '../support/common-options.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';
import { MERCHANT_OPTIONS, readMerchant } from './merchant-options.ts';

/** The options of `merchant create`; here a missing option changes nothing. */
const CHANGES: OptionTable = Object.fromEntries(
  Object.entries(MERCHANT_OPTIONS).map(([name, option]) => [name, { ...option, default: 'unchanged' }]),
);

const OPTIONS: OptionTable = { merchant: MERCHANT_OPTION, ...CHANGES };

/** `webpos merchant update`: changes the details of a business. */
export const merchantUpdate: Command = defineCommand({
  name: 'merchant update',
  summary: 'Change the details of a business',
  usage: '--merchant UUID',
  options: OPTIONS,
  notes: ['--address replaces all lines of the address.'],
  example: '--merchant 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --time-zone Europe/Berlin',
  run: async (world, config, options) => {
    const id = options.requiredUuid<MerchantId>('merchant', 'a merchant');
    const change = readMerchant(options);
    if (Object.keys(change).length === 0) {
      const names = Object.keys(CHANGES).map((name) => `--${name}`);
      throw new UsageError(`expected one of ${names.join(', ')}, got none`);
    }
    await withBase(world, config, async ({ store, keys }) => {
      const context = { store, clock: systemClock, keys: await keys() };
      const merchant = await changeMerchant(context, { kind: 'command' }, id, change);
      if (options.json) return world.out(JSON.stringify(merchantJson(merchant)));
      world.out(`Changed merchant ${id} (${merchant.name}, ${merchant.timeZone}).`);
    });
  },
});
