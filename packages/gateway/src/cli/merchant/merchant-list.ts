import { merchantJson } from '../../services/merchants/settings/merchant-json.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

const HEADS = ['uuid', 'name', 'time_zone', 'tax_id', 'pos'];

/** `webpos merchant list`: lists businesses and how many points of sale each has. */
export const merchantList: Command = defineCommand({
  name: 'merchant list',
  summary: 'List businesses with their time zones',
  usage: '',
  options: {},
  example: '',
  run: async (world, config, options) => {
    const { merchants, pos } = await withBase(world, config, async ({ store }) => ({
      merchants: await store.merchants.list(),
      pos: await store.pos.list(),
    }));
    const posOf = (id: string): number => pos.filter(({ merchantId }) => merchantId === id).length;
    if (options.json)
      return world.out(JSON.stringify(merchants.map((merchant) => ({ ...merchantJson(merchant), pos: posOf(merchant.id) }))));
    const rows = merchants.map(({ id, name, timeZone, taxId }) => [id, name, timeZone, taxId ?? '', posOf(id)]);
    world.out(rows.length === 0 ? 'No merchants yet: webpos merchant create registers one.' : table(HEADS, rows));
  },
});
