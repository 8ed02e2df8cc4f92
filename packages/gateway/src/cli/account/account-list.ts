import { isoDate } from '../../kernel/clock.ts';
import type { Account, SkippedRange } from '../../merchants/account.ts';
import { describeSkip } from '../../merchants/describe-skip.ts';
import { countUnused, MAX_UNUSED_COUNTED } from '../../services/addresses/count-unused.ts';
import { GAP_LIMIT } from '../../wallet/gap.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';
import type { CliBase, Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

const HEADS = ['uuid', 'name', 'network', 'script_type', 'next_index', 'next_address', 'unused_in_a_row', 'unassigned'];
/** The newest skipped ranges that are shown for each account; `--json` shows all. */
const MAX_RANGES_SHOWN = 20;

/** `webpos account list`: shows every wallet, its next address, and how many addresses before it were never paid. */
export const accountList: Command = defineCommand({
  name: 'account list',
  summary: 'List wallets with their next address and how many before it were never paid',
  usage: '',
  options: {},
  example: '',
  run: async (world, config, options) => {
    const list = await withBase(world, config, readAccounts);
    const shown = list.map(accountJson);
    if (options.json) return world.out(JSON.stringify(shown));
    const rows = shown.map((account) => [
      account.uuid,
      account.name,
      account.network,
      account.script_type,
      account.next_index,
      account.next_address,
      account.unused_in_a_row === MAX_UNUSED_COUNTED ? `${MAX_UNUSED_COUNTED}+` : account.unused_in_a_row,
      account.unassigned_payments,
    ]);
    world.out(rows.length === 0 ? 'No accounts yet: webpos account create registers one.' : table(HEADS, rows));
    for (const { id, skipped } of list) {
      for (const range of skipped.slice(-MAX_RANGES_SHOWN))
        world.out(`Account ${id}: ${isoDate(range.createdAt).slice(0, 10)}: ${describeSkip(range)}.`);
    }
    if (shown.some(({ unassigned_payments: unassigned }) => unassigned > 0))
      world.out('Bitcoin has reached addresses that belong to no order: webpos payment unassigned lists the payments.');
    for (const { uuid, unused_in_a_row: unused } of shown) {
      if (unused >= GAP_LIMIT)
        world.out(
          `Account ${uuid}: the last ${unused} addresses were never paid; a restored wallet may stop searching after ${GAP_LIMIT}: see docs/wallets.md.`,
        );
    }
  },
});

interface ListedAccount extends Account {
  /** Up to {@link MAX_UNUSED_COUNTED}. */
  readonly unused: number;
  readonly unassigned: number;
  readonly skipped: readonly SkippedRange[];
}

async function readAccounts({ store }: CliBase): Promise<readonly ListedAccount[]> {
  const sums = new Map((await store.unassigned.openSums()).map((sum) => [sum.accountId, sum]));
  const withCounts = async (account: Account): Promise<ListedAccount> => ({
    ...account,
    unused: await countUnused(store, account),
    unassigned: sums.get(account.id)?.payments ?? 0,
    skipped: await store.accounts.skippedRanges(account.id),
  });
  return Promise.all((await store.accounts.list()).map(withCounts));
}

function accountJson({ unused, skipped, unassigned, ...account }: ListedAccount) {
  const wallet = parseAccount({ descriptor: account.descriptor }, account.network);
  return {
    uuid: account.id,
    name: account.name,
    network: account.network,
    script_type: wallet.scriptType,
    descriptor: account.descriptor,
    next_index: account.nextIndex,
    next_address: wallet.receive(account.nextIndex).address,
    unused_in_a_row: unused,
    unassigned_payments: unassigned,
    skipped: skipped.map(({ from, to, reason, createdAt }) => ({ first: from, last: to - 1, reason, at: isoDate(createdAt) })),
    created_at: isoDate(account.createdAt),
  };
}
