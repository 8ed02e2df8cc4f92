import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { NOON } from '../../../test/support/samples.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { seal, unseal } from '../../security/seal.ts';
import { verifyAuditLog } from '../audit/audit-log.ts';
import { examinePeople } from '../operator/examine-people.ts';
import { isAuthentic } from './authentic.ts';
import { changePerson, createPerson } from './manage-people.ts';
import { renewAccess } from './renew-access.ts';

const [before, after] = [deriveKeys(Buffer.alloc(32, 1)), deriveKeys(Buffer.alloc(32, 2))];
const COMMAND = { kind: 'command' } as const;

await onEveryDatabase('renew-access.test.ts', (database) => {
  const context = () => ({ store: database.store, clock: { now: () => NOON }, newUuid: randomUUID, keys: before });
  const create = async (login: string) => {
    const wanted = { login, name: login, email: null, role: 'owner', scope: { kind: 'all' } } as const;
    const { person } = await createPerson(context(), COMMAND, wanted);
    const sealed = seal('SECRET', `totp ${person.id}`, before.seal);
    await database.store.credentials.putTotp({ personId: person.id, sealed, lastStep: 7 });
    return person;
  };
  const renew = (old: readonly (typeof before)[]) => database.store.transaction((tx) => renewAccess(tx, old, after));

  test('a renewed key authenticates the audit log and every genuine person, and seals TOTP secrets again', async () => {
    const { store } = database;
    const [ada, eve] = [await create('ada'), await create('eve')];
    await store.people.update({ ...(await store.people.get(eve.id))!, role: 'cashier' });
    await renew([before]);
    expect(await verifyAuditLog(store, after.audit)).toEqual({ entries: 2, fault: undefined });
    expect(isAuthentic('person', (await store.people.get(ada.id))!, after.people)).toBe(true);
    expect(isAuthentic('person', (await store.people.get(eve.id))!, after.people)).toBe(false);
    const totp = await store.credentials.totp(ada.id);
    expect([unseal(totp!.sealed, `totp ${ada.id}`, after.seal), totp!.lastStep]).toEqual(['SECRET', 7]);
    expect(await store.invitations.removeAll()).toBe(0);
  });

  test('without the old key, TOTP secrets are removed and people remain', async () => {
    const { store } = database;
    const ada = await create('ada');
    await renew([]);
    expect(isAuthentic('person', (await store.people.get(ada.id))!, after.people)).toBe(true);
    expect(await store.credentials.totp(ada.id)).toBeUndefined();
  });

  test('a role that was changed by SQL is confirmed only by giving role and scope anew', async () => {
    const { store } = database;
    await create('ada');
    const eve = await create('eve');
    await changePerson(context(), COMMAND, eve.id, { role: 'cashier' });
    await store.people.update({ ...(await store.people.get(eve.id))!, role: 'owner' });
    const isConfirmed = async () => isAuthentic('person', (await store.people.get(eve.id))!, before.people);
    await changePerson(context(), COMMAND, eve.id, { name: 'Eve', enabled: false });
    await changePerson(context(), COMMAND, eve.id, { enabled: true, role: 'owner' });
    expect(await isConfirmed()).toBe(false);
    await changePerson(context(), COMMAND, eve.id, { role: 'cashier', scope: { kind: 'all' } });
    expect(await isConfirmed()).toBe(true);
  });

  test('two owners who are demoted at once do not both go', async () => {
    const [ada, eve] = [await create('ada'), await create('eve')];
    const both = await Promise.allSettled([ada, eve].map(({ id }) => changePerson(context(), COMMAND, id, { role: 'cashier' })));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('the doctor names a row that was changed, one that was put back, and a gateway without an owner', async () => {
    const { store } = database;
    const examine = async () => (await examinePeople(store, before, true)).map(({ what, level }) => `${what} ${level}`);
    expect(await examine()).toEqual(['people warning', 'audit log ok']);
    const ada = await create('ada');
    await create('bob');
    expect(await examine()).toEqual(['people ok', 'audit log ok']);
    const earlier = (await store.people.get(ada.id))!;
    await changePerson(context(), COMMAND, ada.id, { role: 'cashier' });
    expect(await examine()).toEqual(['people ok', 'audit log ok']);
    await store.people.update(earlier);
    expect(await examine()).toEqual(['people ok', 'user ada problem', 'audit log ok']);
    await store.people.update({ ...earlier, scope: { kind: 'some', merchants: [], pos: [] } });
    expect(await examine()).toContain('user ada problem');
    await database.db.deleteFrom('audit_log').where('position', '=', 1).execute();
    expect(await examine()).toContain('audit log problem');
  });
});
