import { expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { NOON } from '../../../test/support/samples.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { recordAction, verifyAuditLog } from './audit-log.ts';

const keys = deriveKeys(Buffer.alloc(32, 1));
const context = { clock: { now: () => NOON }, keys };

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
});
