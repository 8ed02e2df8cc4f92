import type { LinkId, PosId } from '../../kernel/ids.ts';
import { linkJson, type LinkJson } from '../../services/links/link-json.ts';
import { listLinks } from '../../services/links/read-links.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { publicUrlOf } from '../support/public-url.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

const HEADS = ['name', 'title', 'amount', 'currency', 'paid', 'open', 'quantity', 'state'];

/** `webpos link list`: lists payment links. */
export const linkList: Command = defineCommand({
  name: 'link list',
  summary: 'List payment links, the newest first',
  usage: '',
  options: {
    pos: {
      value: 'UUID',
      text: 'only links of this point of sale',
      allowed: 'the UUID that webpos pos list shows',
      default: 'all',
    },
    limit: { value: 'N', text: 'maximum number of links', allowed: '1 to 100', default: '25' },
    before: { value: 'UUID', text: 'only links older than this one', allowed: 'the UUID of a link', default: 'from the newest' },
  },
  example: '--limit 100',
  run: async (world, config, options) => {
    const posId = options.uuid<PosId>('pos', 'a POS');
    const page = { before: options.uuid<LinkId>('before', 'a link'), limit: options.integer('limit', 25, { min: 1, max: 100 }) };
    const { links, next } = await withBase(world, config, ({ store }) =>
      listLinks({ store }, { ...page, posIds: posId === undefined ? undefined : [posId] }),
    );
    const list = links.map(({ link, places }) => linkJson(link, publicUrlOf(config), places));
    if (options.json) return world.out(JSON.stringify({ links: list, next: next ?? null }));
    world.out(list.length === 0 ? 'No links: webpos link create creates one.' : table(HEADS, list.map(rowOf)));
    if (next !== undefined) world.out(`More: --before ${next}`);
  },
});

function rowOf({ name, title, amount, currency, paid, open, quantity, active }: LinkJson): (string | number)[] {
  return [name, title, amount ?? 'open', currency, paid, open, quantity ?? '-', active ? 'active' : 'disabled'];
}
