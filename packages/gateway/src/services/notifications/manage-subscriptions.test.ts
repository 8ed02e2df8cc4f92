import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { IN_MEMORY, onEveryDatabase } from '../../../test/support/every-database.ts';
import { NOON } from '../../../test/support/samples.ts';
import { testClock, type TestClock } from '../../../test/support/test-clock.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/durations.ts';
import { parseId, type PersonId, type PosId, type SubscriptionId } from '../../kernel/ids.ts';
import { orderedUuid } from '../../kernel/ordered-uuid.ts';
import { permissionsOf, type Role } from '../../people/role.ts';
import { OPERATOR, type Viewer } from '../../people/viewer.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { confirmPath, stopPath, subscriberSecret } from './links.ts';
import {
  changeSubscription,
  confirmAddress,
  confirmAgain,
  ownerOf,
  sendTest,
  setStopped,
  stopByLink,
  subscribe,
  unsubscribe,
  type NewSubscription,
  type SubscriptionContext,
} from './manage-subscriptions.ts';

const ADA = parseId<PersonId>('00000000-0000-4000-8000-0000000000ad');
const BOB = parseId<PersonId>('00000000-0000-4000-8000-0000000000b0');
const POS = parseId<PosId>('00000000-0000-4000-8000-00000000005b');
const keys = deriveKeys(Buffer.alloc(32, 5));

function viewer(id: PersonId, role: Role = 'owner', posIds?: readonly PosId[]): Viewer {
  const scope = posIds === undefined ? undefined : new Set(posIds);
  const actor = { kind: 'person', id, name: role } as const;
  return { actor, permissions: permissionsOf(role), posIds: scope, onlyToday: false, language: null };
}

const FIELDS: NewSubscription = {
  channel: 'email',
  recipient: 'ada@shop.example',
  kinds: ['order.paid'],
  pos: null,
  timing: 'immediately',
  dailyAt: null,
  quietFrom: null,
  quietTo: null,
  timeZone: 'Europe/Rome',
  urgentBreaksThrough: true,
  hasAmountsInSubject: false,
};

await onEveryDatabase(
  'manage-subscriptions.test.ts',
  (database) => {
    let clock: TestClock;
    let context: SubscriptionContext;
    beforeEach(() => {
      clock = testClock(NOON);
      context = {
        store: database.store,
        clock,
        newUuid: () => orderedUuid(clock.now(), randomUUID()),
        keys,
        urls: { allowHttp: false },
        sendsMail: true,
        changed: () => {},
      };
    });
    const add = (fields: Partial<NewSubscription> = {}, who = viewer(ADA), id = ADA) =>
      subscribe(context, who, id, { ...FIELDS, ...fields });
    const linkOf = (id: SubscriptionId, address: string): { expiresAt: string; code: string } => {
      const [, , , , expiresAt = '', code = ''] = confirmPath(keys, { id, address }, clock.now()).split('/');
      return { expiresAt, code };
    };
    const messages = async (): Promise<string[]> =>
      (await database.store.messages.list({ personId: undefined, before: undefined, limit: 99 })).map(
        ({ kind, recipient }) => `${kind} ${recipient}`,
      );
    const confirmedAt = async (id: SubscriptionId): Promise<unknown> => {
      const subscription = await database.store.subscriptions.get(id);
      return subscription?.channel.kind === 'email' ? subscription.channel.confirmedAt : undefined;
    };

    describe('an address', () => {
      it('is sent nothing but the request for confirmation until its link is opened', async () => {
        const { id, personId } = await add();
        expect(await messages()).toEqual(['confirmation ada@shop.example']);
        await expect(sendTest(context, viewer(ADA).actor, { id, personId })).rejects.toThrow('confirmed');
        const link = linkOf(id, 'ada@shop.example');
        expect(await confirmAddress(context, id, { ...link, code: `${link.code}x` })).toBe(false);
        expect(await confirmAddress(context, id, linkOf(id, 'eve@evil.example'))).toBe(false);
        expect(await confirmAddress(context, id, { ...link, expiresAt: `${link.expiresAt}0` })).toBe(false);
        expect(await confirmedAt(id)).toBeNull();
        expect(await confirmAddress(context, id, link)).toBe(true);
        expect(await confirmAddress(context, id, link)).toBe(true);
        expect(await confirmedAt(id)).toBe(NOON);
        await sendTest(context, viewer(ADA).actor, { id, personId });
        expect(await messages()).toHaveLength(2);
      });

      it('is not confirmed by a link that has expired', async () => {
        const { id } = await add();
        const link = linkOf(id, 'ada@shop.example');
        clock.advance(DAY_MS);
        expect(await confirmAddress(context, id, link)).toBe(false);
      });

      it('gets few requests from all people together, and also after the subscription was removed', async () => {
        for (const person of [ADA, BOB, ADA]) {
          const { id, personId } = await add({}, viewer(person), person);
          await unsubscribe(context, viewer(person).actor, { id, personId });
          clock.advance(1);
        }
        // What waited was deleted with the subscription and is not counted; what was sent is.
        expect(await messages()).toEqual([]);
        const { id, personId } = await add();
        for (let n = 0; n < 2; n += 1) await confirmAgain(context, viewer(ADA).actor, { id, personId });
        await expect(confirmAgain(context, viewer(ADA).actor, { id, personId })).rejects.toMatchObject({ code: '2000' });
        await expect(add({}, viewer(BOB), BOB)).rejects.toMatchObject({ code: '2000' });
        clock.advance(DAY_MS);
        await add({}, viewer(BOB), BOB);
      });

      it('is stopped by the link of every e-mail, and by no other', async () => {
        const { id } = await add();
        const code = stopPath(keys, id).split('/').at(-1) ?? '';
        expect(await stopByLink(context, id, code.slice(1))).toBe(false);
        expect(await stopByLink(context, parseId(randomUUID()), code)).toBe(false);
        expect((await database.store.subscriptions.get(id))?.stoppedAt).toBeNull();
        clock.advance(HOUR_MS);
        expect(await stopByLink(context, id, code)).toBe(true);
        expect((await database.store.subscriptions.get(id))?.stoppedAt).toBe(clock.now());
      });
    });

    describe('a subscription', () => {
      const wrong: readonly [string, Partial<NewSubscription>][] = [
        ['recipient', { recipient: 'ada@shop.example\r\nBcc: eve@evil.example' }],
        ['recipient', { recipient: 'Ada <ada@shop.example>' }],
        ['recipient', { recipient: 'ada@shop.example, eve@evil.example' }],
        ['recipient', { recipient: '"a b"@shop.example' }],
        ['recipient', { channel: 'post', recipient: 'http://shop.example/hook' }],
        ['recipient', { channel: 'post', recipient: 'https://user:secret@shop.example/' }],
        ['channel', { channel: 'fax' }],
        ['kinds', { kinds: [] }],
        ['kinds', { kinds: ['order.paid', 'everything'] }],
        ['pos', { pos: [] }],
        ['timing', { timing: 'weekly' }],
        ['timing', { timing: 'daily', dailyAt: '24:00' }],
        ['quiet_from', { quietFrom: '22:00', quietTo: null }],
        ['quiet_from', { quietFrom: '22:00', quietTo: '22:00' }],
        ['time_zone', { timeZone: 'Mars/Olympus' }],
      ];
      it.each(wrong)('with a wrong %s is refused: %o', async (field, fields) => {
        await expect(add(fields)).rejects.toMatchObject({ code: '0001', fields: { [field]: expect.anything() as unknown } });
        expect(await messages()).toEqual([]);
      });

      it('names only POS that the person sees', async () => {
        const cashier = viewer(BOB, 'cashier', [POS]);
        await expect(add({ pos: [parseId(randomUUID())] }, cashier, BOB)).rejects.toMatchObject({ code: '0001' });
        expect(await add({ pos: [POS] }, cashier, BOB)).toMatchObject({ posIds: [POS] });
      });

      it('is changed, stopped and removed by its person alone, and every change is in the audit log', async () => {
        const { id } = await add({ channel: 'post', recipient: 'https://shop.example/hook?key=secret' });
        const others = { id, personId: BOB };
        const { actor } = viewer(BOB);
        expect(await changeSubscription(context, viewer(BOB), others, FIELDS)).toBeUndefined();
        expect(await setStopped(context, actor, others, true)).toBeUndefined();
        expect(await sendTest(context, actor, others)).toBeUndefined();
        expect(await unsubscribe(context, actor, others)).toBe(false);
        const own = { id, personId: ADA };
        const changed = await changeSubscription(context, viewer(ADA), own, {
          ...FIELDS,
          timing: 'daily',
          dailyAt: '18:00',
          quietFrom: '22:00',
          quietTo: '07:30',
        });
        expect(changed).toMatchObject({ timing: { kind: 'daily', minute: 1080 }, quiet: { from: 1320, to: 450 } });
        await sendTest(context, viewer(ADA).actor, own);
        await setStopped(context, viewer(ADA).actor, own, true);
        expect(await unsubscribe(context, viewer(ADA).actor, own)).toBe(true);
        const log = await database.store.audit.list({ subject: { kind: 'person', id: ADA }, before: undefined, limit: 9 });
        expect(log.map(({ action }) => action.replace('notifications.', '')).toReversed()).toEqual([
          'subscribe',
          'change',
          'test',
          'stop',
          'unsubscribe',
        ]);
        expect(JSON.stringify(log)).not.toContain('secret');
      });

      it('is one of at most ten', async () => {
        for (let n = 0; n < 10; n += 1) await add({ channel: 'post', recipient: `https://shop.example/${n}` });
        await expect(add({ channel: 'post', recipient: 'https://shop.example/10' })).rejects.toMatchObject({ code: '0001' });
      });

      it('has a secret of its own', () => {
        const [one, other] = [parseId<SubscriptionId>(randomUUID()), parseId<SubscriptionId>(randomUUID())];
        expect(subscriberSecret(keys, one)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
        expect(subscriberSecret(keys, one)).not.toBe(subscriberSecret(keys, other));
      });
    });

    it('others are managed only by who manages people, and nobody who is no person has a default', () => {
      expect(ownerOf(viewer(ADA), undefined)).toBe(ADA);
      expect(ownerOf(viewer(ADA), BOB)).toBe(BOB);
      expect(ownerOf(OPERATOR, BOB)).toBe(BOB);
      expect(() => ownerOf(viewer(BOB, 'manager'), ADA)).toThrow('people.manage');
      expect(() => ownerOf(OPERATOR, undefined)).toThrow('person');
    });
  },
  [IN_MEMORY],
);
