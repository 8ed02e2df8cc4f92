import { isoDate } from '../../kernel/clock.ts';
import { describeSkip } from '../../merchants/describe-skip.ts';
import { GAP_LIMIT, unusedInARow } from '../../wallet/gap.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos account list`: every wallet, the address that comes next, and how many before it were never paid. */
export const accountList: Command = async (world, config, words) => {
  const options = readOptions(words, []);
  const list = await withBase(world, config, async ({ store }) => {
    const accounts = await store.accounts.list();
    const sums = new Map((await store.unassigned.openSums()).map((sum) => [sum.accountId, sum]));
    return Promise.all(
      accounts.map(async (account) => ({
        ...account,
        lastPaid: await store.accounts.lastPaidIndex(account.id),
        unassigned: sums.get(account.id)?.payments ?? 0,
        skipped: await store.accounts.skippedRanges(account.id),
      })),
    );
  });
  const shown = list.map(({ lastPaid, skipped, unassigned, ...account }) => {
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
      unassigned_payments: unassigned,
      skipped: skipped.map(({ from, to, reason, createdAt }) => ({ first: from, last: to - 1, reason, at: isoDate(createdAt) })),
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
    account.unassigned_payments,
  ]);
  world.out(rows.length === 0 ? 'There is no account yet: webpos account create registers one.' : table(HEADS, rows));
  for (const { id, skipped } of list) {
    for (const range of skipped.slice(-MAX_RANGES_SHOWN))
      world.out(`Account ${id}: ${isoDate(range.createdAt).slice(0, 10)}: ${describeSkip(range)}.`);
  }
  if (shown.some(({ unassigned_payments: unassigned }) => unassigned > 0))
    world.out('Bitcoin reached addresses that no order has: webpos payment unassigned lists it.');
  for (const { uuid, unused_in_a_row: unused } of shown) {
    if (unused >= GAP_LIMIT)
      world.out(
        `Account ${uuid}: the last ${unused} addresses were never paid; a wallet that is restored may not look further than ${GAP_LIMIT}: see docs/wallets.md.`,
      );
  }
};

/** Of each account; --json shows all. */
const MAX_RANGES_SHOWN = 20;
const HEADS = ['uuid', 'name', 'network', 'script_type', 'next_index', 'next_address', 'unused_in_a_row', 'unassigned'];
