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

/** Accounts whose indexes and payments the test moves. */
function openAccounts(...accounts: Account[]): {
  gaps: AccountGaps;
  output: string[];
  asked: number[];
  move(id: AccountId, nextIndex: number, lastPaid?: number): void;
} {
  const output: string[] = [];
  const asked: number[] = [];
  const places = new Map(accounts.map(({ id }) => [id, { nextIndex: 0, lastPaid: undefined as number | undefined }]));
  const store: Pick<AccountStore, 'list' | 'lastPaidIndex'> = {
    list: async () => accounts.map((account) => ({ ...account, ...places.get(account.id) })),
    lastPaidIndex: async (id, from = 0) => {
      asked.push(from);
      const lastPaid = places.get(id)?.lastPaid;
      return lastPaid !== undefined && lastPaid >= from ? lastPaid : undefined;
    },
  };
  const log = {
    warn: (_: Record<string, unknown>, message: string) => void output.push(`warn ${message}`),
    info: (_: Record<string, unknown>, message: string) => void output.push(`info ${message}`),
  };
  return {
    gaps: new AccountGaps({ store: { accounts: store as AccountStore }, log }),
    output,
    asked,
    move: (id, nextIndex, lastPaid) => void places.set(id, { nextIndex, lastPaid }),
  };
}

describe('addresses that nobody has paid', () => {
  it('are warned of once, when they become 20 in a row, and again after they were fewer', async () => {
    const account = sampleAccount();
    const { gaps, output, move } = openAccounts(account);
    const look = async (nextIndex: number, lastPaid?: number): Promise<number> => {
      move(account.id, nextIndex, lastPaid);
      await gaps.look();
      return gaps.longest;
    };
    expect(await look(0)).toBe(0);
    expect(await look(19)).toBe(19);
    expect(output).toEqual([]);
    expect(await look(20)).toBe(20);
    expect(await look(21)).toBe(21);
    expect(output).toEqual(['warn account gaps: the last 20 addresses were never paid: see docs/wallets.md']);
    expect(await look(30, 25)).toBe(4);
    expect(output.slice(1)).toEqual(['info account gaps: the last 4 addresses were never paid: no longer too many']);
    expect(await look(50, 25)).toBe(24);
    expect(output.slice(2)).toEqual(['warn account gaps: the last 24 addresses were never paid: see docs/wallets.md']);
  });

  it('are told by the account that has most of them', async () => {
    const [one, two] = [sampleAccount(), sampleAccount()];
    const { gaps, output, move } = openAccounts(one, two);
    move(one.id, 5);
    move(two.id, 100, 2);
    await gaps.look();
    expect(gaps.longest).toBe(97);
    expect(output).toHaveLength(1);
  });

  it('are not looked for further back than 10,000', async () => {
    const account = sampleAccount();
    const { gaps, asked, move } = openAccounts(account);
    move(account.id, 2_000_000, 3);
    await gaps.look();
    expect(gaps.longest).toBe(10_000);
    expect(asked).toEqual([1_990_000]);
  });
});

describe('a gateway', () => {
  const OPERATOR = 'the-token-of-the-operator';

  it('says at its start that 20 addresses in a row were never paid, and has the number in its metrics', async () => {
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
