import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { gatewayFiles } from '../../../../../test/support/gateway-files.ts';
import { sampleAccount } from '../../../test/support/samples.ts';
import { openTestGateway, type TestGateway } from '../../../test/support/test-gateway.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Account } from '../../merchants/account.ts';
import type { AccountStore } from '../../store/ports/account-store.ts';
import { AccountGaps } from './account-gaps.ts';

/** Accounts whose indexes and payments the test sets. */
function openAccounts(...accounts: Account[]): {
  gaps: AccountGaps;
  output: string[];
  searchedFrom: number[];
  set(id: AccountId, nextIndex: number, lastPaid?: number): void;
} {
  const output: string[] = [];
  const searchedFrom: number[] = [];
  const states = new Map(accounts.map(({ id }) => [id, { nextIndex: 0, lastPaid: undefined as number | undefined }]));
  const store: Pick<AccountStore, 'list' | 'lastPaidIndex'> = {
    list: async () => accounts.map((account) => ({ ...account, ...states.get(account.id) })),
    lastPaidIndex: async (id, from, below) => {
      searchedFrom.push(from);
      const lastPaid = states.get(id)?.lastPaid;
      return lastPaid !== undefined && lastPaid >= from && lastPaid < below ? lastPaid : undefined;
    },
  };
  const log = {
    warn: (_: Record<string, unknown>, message: string) => void output.push(`warn ${message}`),
    info: (_: Record<string, unknown>, message: string) => void output.push(`info ${message}`),
  };
  return {
    gaps: new AccountGaps({ store: { accounts: store as AccountStore }, log }),
    output,
    searchedFrom,
    set: (id, nextIndex, lastPaid) => void states.set(id, { nextIndex, lastPaid }),
  };
}

describe('the gap of an account', () => {
  it('is logged once when it reaches 20 addresses, and again after it was smaller', async () => {
    const account = sampleAccount();
    const { gaps, output, set } = openAccounts(account);
    const measure = async (nextIndex: number, lastPaid?: number): Promise<number> => {
      set(account.id, nextIndex, lastPaid);
      await gaps.measure();
      return gaps.longest;
    };
    expect(await measure(0)).toBe(0);
    expect(await measure(19)).toBe(19);
    expect(output).toEqual([]);
    expect(await measure(20)).toBe(20);
    expect(await measure(21)).toBe(21);
    expect(output).toEqual(['warn account gaps: the last 20 addresses were never paid: see docs/wallets.md']);
    expect(await measure(30, 25)).toBe(4);
    expect(output.slice(1)).toEqual(['info account gaps: the last 4 addresses were never paid: below the gap limit again']);
    expect(await measure(50, 25)).toBe(24);
    expect(output.slice(2)).toEqual(['warn account gaps: the last 24 addresses were never paid: see docs/wallets.md']);
  });

  it('is reported as the longest of all accounts', async () => {
    const [one, two] = [sampleAccount(), sampleAccount()];
    const { gaps, output, set } = openAccounts(one, two);
    set(one.id, 5);
    set(two.id, 100, 2);
    await gaps.measure();
    expect(gaps.longest).toBe(97);
    expect(output).toHaveLength(1);
  });

  it('is searched for in the last 10,000 addresses only', async () => {
    const account = sampleAccount();
    const { gaps, searchedFrom, set } = openAccounts(account);
    set(account.id, 2_000_000, 3);
    await gaps.measure();
    expect(gaps.longest).toBe(10_000);
    expect(searchedFrom).toHaveLength(10);
    expect(searchedFrom.at(-1)).toBe(1_990_000);
  });
});

describe('a gateway', () => {
  const OPERATOR = 'the-token-of-the-operator';

  it('logs at its start that 20 addresses in a row were never paid, and has the number in its metrics', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'webpos-gaps-'));
    const settings = {
      ...gatewayFiles(folder),
      WEBPOS_OPS_TOKEN: OPERATOR,
    };
    const warnings = ({ logLines }: TestGateway): string[] => logLines.filter((line) => line.includes('account gaps'));
    try {
      {
        await using before = await openTestGateway(settings);
        const { token } = await before.newPos();
        for (let n = 0; n < 20; n += 1) await before.call('POST', '/payment-order', { token, body: { amount: '10.00' } });
        expect(warnings(before)).toEqual([]);
      }
      await using after = await openTestGateway(settings);
      await vi.waitFor(() => expect(warnings(after)).toHaveLength(1));
      expect(JSON.parse(warnings(after)[0]!)).toMatchObject({ unused: 20, name: 'Wallet', limit: 20 });
      const { text } = await after.call('GET', '/metrics', { token: OPERATOR });
      expect(text).toContain('\nwebpos_addresses_unused_in_a_row 20\n');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
