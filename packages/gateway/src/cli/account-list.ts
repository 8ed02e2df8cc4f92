import { isoDate } from '../kernel/clock.ts';
import { GAP_LIMIT, unusedInARow } from '../wallet/gap.ts';
import { parseAccount } from '../wallet/parse-account.ts';
import type { Command } from './command.ts';
import { readOptions } from './options.ts';
import { table } from './table.ts';
import { withBase } from './with-base.ts';

/** `webpos account list`: every wallet, the address that comes next, and how many before it were never paid. */
export const accountList: Command = async (world, config, words) => {
  const options = readOptions(words, []);
  const list = await withBase(world, config, async ({ store }) => {
    const accounts = await store.accounts.list();
    return Promise.all(
      accounts.map(async (account) => ({ ...account, lastPaid: await store.accounts.lastPaidIndex(account.id) })),
    );
  });
  const shown = list.map(({ lastPaid, ...account }) => {
    const wallet = parseAccount({ descriptor: account.descriptor }, account.network);
    return {
      uuid: account.id,
      name: account.name,
      network: account.network,
      script_type: wallet.scriptType,
      descriptor: account.descriptor,
      next_index: account.nextIndex,
      next_address: wallet.receive(account.nextIndex).address,
      unused_in_a_row: unusedInARow(account.nextIndex, lastPaid),
      created_at: isoDate(account.createdAt),
    };
  });
  if (options.json) return world.out(JSON.stringify(shown));
  const rows = shown.map((account) => [
    account.uuid,
    account.name,
    account.network,
    account.script_type,
    account.next_index,
    account.next_address,
    account.unused_in_a_row,
  ]);
  world.out(rows.length === 0 ? 'There is no account yet: webpos account create registers one.' : table(HEADS, rows));
  for (const { uuid, unused_in_a_row: unused } of shown) {
    if (unused >= GAP_LIMIT)
      world.out(
        `Account ${uuid}: the last ${unused} addresses were never paid; a wallet that is restored may not look further than ${GAP_LIMIT}: see docs/wallets.md.`,
      );
  }
};

const HEADS = ['uuid', 'name', 'network', 'script_type', 'next_index', 'next_address', 'unused_in_a_row'];
