import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWebpos } from '../../../test/support/run-webpos.ts';
import { testKey } from '../../../test/support/test-gateway.ts';

let folder: string;
let account: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-merchant-'));
  account = (await json<{ uuid: string }>('account', 'create', '--name', 'Wallet', '--xpub', testKey(1))).uuid;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function json<T>(...words: string[]): Promise<T> {
  const { status, out, err } = await runWebpos(folder, [...words, '--json']);
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out) as T;
}

const create = (...words: string[]): Promise<{ uuid: string }> => json('merchant', 'create', '--name', 'Corner Shop', ...words);

describe('webpos merchant', () => {
  it('creates a merchant, changes what is given, and lists it with its POS', async () => {
    const { uuid } = await create('--address', '1 High Street', '--address', 'London', '--email', 'shop@example.com');
    await json('merchant', 'update', '--merchant', uuid, '--time-zone', 'europe/london', '--email', 'none', '--tax-id', 'GB123');
    await json('pos', 'create', '--name', 'Till', '--account', account, '--currency', 'GBP', '--merchant', uuid);
    expect(await json('merchant', 'list')).toMatchObject([
      {
        uuid,
        name: 'Corner Shop',
        address: ['1 High Street', 'London'],
        tax_id: 'GB123',
        email: null,
        time_zone: 'Europe/London',
        pos: 1,
      },
    ]);
    await json('merchant', 'update', '--merchant', uuid, '--address', 'none');
    expect((await runWebpos(folder, ['merchant', 'list'])).out).toMatch(/Corner Shop +Europe\/London +GB123 +1$/);
    expect(await json('merchant', 'list')).toMatchObject([{ address: [] }]);
  });

  it.each([
    [['--time-zone', 'Mars/Olympus'], '--time-zone: expected the name of a time zone such as Europe/Berlin'],
    [['--email', 'nobody'], '--email: expected an e-mail address'],
    [['--website', 'http://shop.example'], '--website: expected an https URL'],
    [Array.from({ length: 7 }, () => ['--address', 'x']).flat(), '--address: expected at most 6 lines, got 7'],
  ])('refuses %s', async (words, message) => {
    const { status, err } = await runWebpos(folder, ['merchant', 'create', '--name', 'Shop', ...words]);
    expect([status, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('refuses unknown merchants, and an update of nothing', async () => {
    const missing = '00000000-0000-4000-8000-000000000000';
    const run = async (...words: string[]): Promise<unknown[]> => {
      const { status, err } = await runWebpos(folder, words);
      return [status, err];
    };
    expect(await run('merchant', 'update', '--merchant', missing, '--name', 'X')).toEqual([
      1,
      `webpos: no merchant with id ${missing}`,
    ]);
    expect((await run('merchant', 'update', '--merchant', missing))[0]).toBe(2);
    const pos = ['pos', 'create', '--name', 'Till', '--account', account, '--currency', 'EUR'];
    expect(await run(...pos, '--merchant', missing)).toEqual([1, `webpos: no merchant with id ${missing}`]);
    expect((await run(...pos, '--merchant', 'x'))[1]).toContain('--merchant: expected the UUID of a merchant, or none');
  });
});
