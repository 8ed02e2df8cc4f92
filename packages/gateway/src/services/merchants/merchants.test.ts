import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { NOON, sampleAccount, samplePos } from '../../../test/support/samples.ts';
import type { MerchantId } from '../../kernel/ids.ts';
import type { AuditEntry } from '../../store/ports/audit-store.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { changeMerchant } from './change-merchant.ts';
import { changeTerms } from './change-terms.ts';
import { createMerchant } from './create-merchant.ts';

const ACTOR = { kind: 'command' } as const;
const MISSING = randomUUID() as MerchantId;

await onEveryDatabase('services/merchants/merchants.test.ts', (database) => {
  const context = () => ({
    store: database.store,
    clock: { now: () => NOON },
    newUuid: randomUUID,
    keys: deriveKeys(Buffer.alloc(32, 1)),
    network: 'regtest' as const,
  });
  const entries = async (): Promise<Pick<AuditEntry, 'action' | 'details'>[]> =>
    (await database.store.audit.after(0, 50)).map(({ action, details }) => ({ action, details: JSON.parse(details) as string }));

  it('a merchant is stored whole, and each change records what changed', async () => {
    const { store } = database;
    const details = {
      name: 'Corner Shop',
      address: ['1 High Street', 'London'],
      taxId: 'GB123',
      email: 'shop@example.com',
      phone: '+44 20 123456',
      website: 'https://shop.example',
      timeZone: 'Europe/London',
    };
    const created = await createMerchant(context(), ACTOR, details);
    expect(created).toMatchObject(details);
    expect(await store.merchants.get(created.id)).toEqual(created);

    await Promise.all([
      changeMerchant(context(), ACTOR, created.id, { taxId: null }),
      changeMerchant(context(), ACTOR, created.id, { address: [], timeZone: 'Europe/Berlin' }),
    ]);
    const changed = { ...created, taxId: null, address: [], timeZone: 'Europe/Berlin' };
    expect(await store.merchants.list()).toEqual([changed]);
    await changeMerchant(context(), ACTOR, created.id, { taxId: null });
    const recorded = await entries();
    expect(recorded.map(({ action }) => action)).toEqual(['merchant.create', 'merchant.update', 'merchant.update']);
    expect(recorded.map(({ details: of }) => of)).toContainEqual({ before: { tax_id: 'GB123' }, after: { tax_id: null } });
    await expect(changeMerchant(context(), ACTOR, MISSING, {})).rejects.toThrow(`no merchant with id ${MISSING}`);
  });

  it('a POS belongs to a merchant that exists, and the log shows no query of a URL', async () => {
    const { store } = database;
    const account = sampleAccount();
    await store.accounts.insert(account);
    const pos = samplePos(account);
    await store.pos.insert(pos);
    const { id } = await createMerchant(context(), ACTOR, { name: 'Corner Shop' });
    await expect(changeTerms(context(), ACTOR, pos.id, { merchantId: MISSING })).rejects.toThrow('no merchant with id');
    await changeTerms(context(), ACTOR, pos.id, { merchantId: id });
    expect((await store.pos.get(pos.id))?.merchantId).toBe(id);
    for (const query of ['a-secret', 'another']) {
      const callbackUrl = `https://shop.example/callback?token=${query}`;
      await changeTerms(context(), ACTOR, pos.id, { defaults: { callbackUrl } });
    }
    await changeTerms(context(), ACTOR, pos.id, { merchantId: null });
    const recorded = await entries();
    expect(recorded.map(({ action }) => action)).toEqual(['merchant.create', ...Array.from({ length: 4 }, () => 'pos.update')]);
    expect(recorded[1]?.details).toEqual({ before: { merchant: null }, after: { merchant: id } });
    expect(JSON.stringify(recorded)).not.toMatch(/a-secret|another/);
    expect(JSON.stringify(recorded)).toMatch(/https:\/\/shop\.example\/callback\?\[[\da-f]{8}\]/);
  });
});
