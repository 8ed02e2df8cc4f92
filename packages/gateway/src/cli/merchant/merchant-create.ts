import { randomUUID } from 'node:crypto';
import { merchantJson } from '../../services/merchants/settings/merchant-json.ts';
import { systemClock } from '../../kernel/clock.ts';
import { createMerchant } from '../../services/merchants/create-merchant.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { readName } from '../support/read-name.ts';
import { withBase } from '../support/with-base.ts';
import { MERCHANT_OPTIONS, readMerchant } from './merchant-options.ts';

/** `webpos merchant create`: registers a business, to which points of sale can belong. */
export const merchantCreate: Command = defineCommand({
  name: 'merchant create',
  summary: 'Register a business with its details for receipts and its time zone',
  usage: '--name NAME',
  options: MERCHANT_OPTIONS,
  example: '--name "Corner Shop" --address London --time-zone Europe/London',
  run: async (world, config, options) => {
    const details = { ...readMerchant(options), name: readName(options) };
    await withBase(world, config, async ({ store, keys }) => {
      const context = { store, clock: systemClock, newUuid: randomUUID, keys: await keys() };
      const merchant = await createMerchant(context, { kind: 'command' }, details);
      if (options.json) return world.out(JSON.stringify(merchantJson(merchant)));
      world.out(`Merchant ${merchant.id} (${merchant.name}, ${merchant.timeZone})`);
      world.out(`Now give it its points of sale: webpos pos update --pos UUID --merchant ${merchant.id}`);
    });
  },
});
