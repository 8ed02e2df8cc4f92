/** Seals for tests that store accounts and POS themselves, and a guard that accepts them. */
import type { Clock } from '../../src/kernel/clock.ts';
import { epochMs } from '../../src/kernel/clock.ts';
import type { Account } from '../../src/merchants/account.ts';
import type { Pos } from '../../src/merchants/pos.ts';
import { WalletSeals } from '../../src/security/wallet-seals.ts';
import type { BrokenRow } from '../../src/services/seals/broken-row.ts';
import { SealGuard } from '../../src/services/seals/seal-guard.ts';

const SEALS = new WalletSeals(new Uint8Array(32).fill(8));
const NEVER = epochMs(8_000_000_000_000_000);

/** @param found Called with every row that is found broken. */
export function testGuard(clock: Clock, found?: (row: BrokenRow) => void): SealGuard {
  return new SealGuard({ seals: SEALS, clock, since: NEVER, log: { error: () => {} }, ...(found && { found }) });
}

export function sealedAccount(account: Account): Account {
  return { ...account, seal: SEALS.ofAccount(account) };
}

export function boundPos(pos: Pos): Pos {
  return { ...pos, accountSeal: SEALS.ofBinding(pos.id, pos.accountId) };
}
