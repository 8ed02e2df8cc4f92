import { expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { NOON } from '../../../test/support/samples.ts';
import { epochMs, plusMs } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { AuditEntry, AuditQuery, AuditStore } from '../../store/ports/audit-store.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { recordAction, verifyAuditLog } from './audit-log.ts';
import { searchAudit, type AuditFilters } from './search-audit.ts';

const keys = deriveKeys(Buffer.alloc(32, 1));
const context = { clock: { now: () => NOON }, keys };
const later = { clock: { now: () => plusMs(NOON, DAY_MS) }, keys };
const ADA = '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f' as PersonId;
const ID = '9c1d4b7a-2f3e-4d5c-8b6a-7e8f9a0b1c2d';

await onEveryDatabase('audit-log.test.ts', (database) => {
  const verify = () => verifyAuditLog(database.store, keys.audit);
  const record = (note: string) =>
    database.store.transaction((tx) =>
      recordAction(context, tx, { kind: 'command' }, { action: 'order.settle', subject: { kind: 'order', id: note }, note }),
    );

  test('an empty log has no fault, and neither has one that was only added to', async () => {
    expect(await verify()).toEqual({ entries: 0, fault: undefined });
    for (const note of ['a', 'b', 'c']) await record(note);
    expect(await verify()).toEqual({ entries: 3, fault: undefined });
    expect((await database.store.audit.list({ subject: { kind: 'order', id: 'b' }, before: undefined, limit: 9 })).length).toBe(
      1,
    );
  });

  test('actions at the same time get positions without gaps', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => record(String(at))));
    expect(await verify()).toEqual({ entries: 20, fault: undefined });
  });

  test('a changed, removed or inserted entry, a shortened log and a head of another key are found', async () => {
    for (const note of ['a', 'b', 'c']) await record(note);
    const { store, db } = database;
    const fault = async (): Promise<unknown> => (await verify()).fault;
    await db.updateTable('audit_log').set({ details: '{}' }).where('position', '=', 2).execute();
    expect(await fault()).toEqual({ kind: 'changed', position: 2 });
    await db.deleteFrom('audit_log').where('position', '=', 2).execute();
    expect(await fault()).toEqual({ kind: 'gap', position: 2 });
    await db.deleteFrom('audit_log').where('position', '>', 1).execute();
    expect(await fault()).toEqual({ kind: 'end', position: 1 });
    await db.updateTable('audit_head').set({ position: 1 }).execute();
    expect(await fault()).toEqual({ kind: 'head', position: 1 });
    expect((await verifyAuditLog(store, deriveKeys(Buffer.alloc(32, 2)).audit)).fault).toMatchObject({ kind: 'head' });
  });

  test('a search finds by actor, action, subject and time, in pages', async () => {
    const ada = { kind: 'person', id: ADA, name: 'Ada' } as const;
    const actions = ['order.settle', 'order.note', 'person.create', 'orders.none'];
    for (const [at, action] of [...actions, ...actions].entries())
      await database.store.transaction((tx) =>
        recordAction(at < actions.length ? context : later, tx, at % 2 === 0 ? ada : { kind: 'command' }, {
          action,
          subject: { kind: action.startsWith('order') ? 'order' : 'person', id: ID },
        }),
      );
    const found = async (filters: Partial<AuditFilters>): Promise<unknown> => {
      const page = await searchAudit(database.store, { subject: undefined, before: undefined, limit: 9, ...filters });
      return [page.entries.map(({ position }) => position), page.next, page.isCutOff];
    };
    const all = [8, 7, 6, 5, 4, 3, 2, 1];
    expect(await found({})).toEqual([all, undefined, false]);
    for (const actor of ['person', 'Ada', ADA]) expect(await found({ actor })).toEqual([[7, 5, 3, 1], undefined, false]);
    expect(await found({ action: 'order.note' })).toEqual([[6, 2], undefined, false]);
    expect(await found({ action: 'order' })).toEqual([[6, 5, 2, 1], undefined, false]);
    expect(await found({ subject: { kind: 'person', id: undefined } })).toEqual([[7, 3], undefined, false]);
    expect(await found({ subject: { kind: 'order', id: ID } })).toEqual([[8, 6, 5, 4, 2, 1], undefined, false]);
    expect(await found({ subject: { kind: undefined, id: ID }, action: 'person' })).toEqual([[7, 3], undefined, false]);
    expect(await found({ subject: { kind: undefined, id: 'another' } })).toEqual([[], undefined, false]);
    expect(await found({ since: later.clock.now() })).toEqual([[8, 7, 6, 5], undefined, false]);
    expect(await found({ until: later.clock.now() })).toEqual([[4, 3, 2, 1], undefined, false]);
    expect(await found({ since: plusMs(NOON, 1), until: later.clock.now() })).toEqual([[], undefined, false]);
    expect(await found({ actor: 'Ada', limit: 3 })).toEqual([[7, 5, 3], 3, false]);
    expect(await found({ actor: 'Ada', limit: 3, before: 3 })).toEqual([[1], undefined, false]);
    expect(await found({ subject: { kind: undefined, id: ID }, limit: 7 })).toEqual([[8, 7, 6, 5, 4, 3, 2], 2, false]);
  });
});

test('a search reads a limited number of entries for a page, and only those of its time', async () => {
  const newest = 1_000_000;
  const asked: { from: number; before: number }[] = [];
  const entryAt = (position: number): AuditEntry => ({ position, at: epochMs(position * 60_000) }) as AuditEntry;
  const store = {
    audit: {
      head: async () => ({ position: newest, hash: '', mac: '' }),
      after: async (position: number) => [entryAt(position + 1)],
      list: async ({ from = 0, before = 0 }: AuditQuery) => {
        asked.push({ from, before });
        return [];
      },
    } as unknown as AuditStore,
  };
  const filters = { subject: undefined, before: undefined, limit: 9, action: 'none' };
  expect(await searchAudit(store, filters)).toEqual({ entries: [], next: newest + 1 - 50_000, isCutOff: true });
  expect(asked.length).toBe(10);
  asked.length = 0;
  const [since, until] = [entryAt(500_000).at, entryAt(500_010).at];
  expect(await searchAudit(store, { ...filters, since, until })).toEqual({ entries: [], next: undefined, isCutOff: false });
  // An hour more on both sides.
  expect(asked).toEqual([{ from: 499_940, before: 500_070 }]);
});
