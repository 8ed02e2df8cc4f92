import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { IN_MEMORY, ON_POSTGRES, onEveryDatabase } from '../../../test/support/every-database.ts';
import { NOON, sampleOrder, storedPos } from '../../../test/support/samples.ts';
import { testClock, type TestClock } from '../../../test/support/test-clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/durations.ts';
import { parseId, type PersonId, type PosId, type SubscriptionId } from '../../kernel/ids.ts';
import { orderedUuid } from '../../kernel/ordered-uuid.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Mail, SendResult } from '../../notifications/mail.ts';
import type { MailView } from '../../notifications/notice-view.ts';
import type { Notice, NoticeFacts } from '../../notifications/notice.ts';
import { NOTICE_KINDS } from '../../notifications/notice-kind.ts';
import type { Subscription } from '../../notifications/subscription.ts';
import type { Order } from '../../orders/order.ts';
import { permissionsOf, type Role } from '../../people/role.ts';
import type { StoredMessage } from '../../store/ports/notifications/message-store.ts';
import { assignNotices, composeMessages } from './assign-notices.ts';
import { MessageDelivery, type MessageDeliveryOptions } from './message-delivery.ts';
import { pruneNotifications } from './prune-notifications.ts';
import type { KnownRecipient, RecipientSource } from './recipients.ts';

const NEVER = new AbortController().signal;
const ADA = parseId<PersonId>('00000000-0000-4000-8000-0000000000ad');
const BOB = parseId<PersonId>('00000000-0000-4000-8000-0000000000b0');
const keys = { notifications: new Uint8Array(32).fill(3) };

/** The types of all fields of a JSON value. */
function typesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typesOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, typesOf(field)]));
}

await onEveryDatabase(
  'notifications.test.ts',
  (database) => {
    let clock: TestClock;
    let people: Map<PersonId, KnownRecipient>;
    let shop: Pos;
    let order: Order;
    let sent: (Mail & { readonly view: MailView })[];
    let results: SendResult[];
    let views: MailView[];

    beforeEach(async () => {
      clock = testClock(NOON);
      people = new Map([[ADA, person(ADA, 'owner')]]);
      database.store.notices.setWanted(new Set(NOTICE_KINDS));
      shop = await storedPos(database.store);
      order = sampleOrder(shop, { reference: '1001' });
      await database.store.orders.insert(order);
      [sent, results, views] = [[], [], []];
    });

    function person(personId: PersonId, role: Role, posIds?: readonly PosId[]): KnownRecipient {
      const scope = posIds === undefined ? undefined : new Set(posIds);
      return { personId, name: role, permissions: permissionsOf(role), posIds: scope, language: 'en' };
    }

    const recipients: RecipientSource = { get: async (id) => people.get(id) };
    const newUuid = (): string => orderedUuid(clock.now(), randomUUID());
    const context = () => ({
      store: database.store,
      clock,
      newUuid,
      recipients,
      keys,
      publicUrl: 'https://pay.example',
      write: (view: MailView) => {
        views.push(view);
        const items = view.kind === 'notices' ? view.items.map(({ id }) => id) : [view.kind];
        return { subject: items.join(' '), text: items.join('\n'), html: '' };
      },
    });

    async function subscribe(personId: PersonId, changes: Partial<Subscription> = {}): Promise<Subscription> {
      const subscription: Subscription = {
        id: parseId<SubscriptionId>(newUuid()),
        personId,
        channel: { kind: 'email', address: `${personId.slice(-2)}@shop.example`, confirmedAt: NOON },
        kinds: NOTICE_KINDS,
        posIds: null,
        timing: { kind: 'immediately' },
        quiet: null,
        timeZone: 'Europe/Rome',
        urgentBreaksThrough: true,
        hasAmountsInSubject: false,
        createdAt: NOON,
        stoppedAt: null,
        ...changes,
      };
      await database.store.subscriptions.insert(subscription);
      return subscription;
    }

    const paid = (id: string, changes: Partial<Notice> = {}): Notice => ({
      id,
      at: clock.now(),
      posId: shop.id,
      personId: null,
      facts: { kind: 'order.paid', orderId: order.terms.id, sats: '100000' },
      ...changes,
    });
    const add = (...notices: readonly Notice[]): Promise<void> => database.store.transaction((tx) => tx.notices.add(notices));

    function deliveryOf(
      claimant: string,
      channel: MessageDeliveryOptions['channel'],
      send: MessageDeliveryOptions['send'],
      stopTimeoutMs = MINUTE_MS,
    ): MessageDelivery {
      return new MessageDelivery({
        channel,
        context: context(),
        send,
        claimant,
        random: () => 0,
        log: { info: () => {}, warn: () => {} },
        claimMs: MINUTE_MS,
        stopTimeoutMs,
        idleMs: HOUR_MS,
      });
    }

    /** Does once what the loops do, in a process of its own. */
    async function round(claimant = 'one'): Promise<void> {
      await assignNotices(context(), NEVER);
      await composeMessages(context(), NEVER);
      const delivery = deliveryOf(claimant, 'email', async (_, prepared) => {
        if (prepared.kind !== 'mail') throw new Error('expected an e-mail');
        const result = results.shift() ?? { kind: 'sent' };
        if (result.kind === 'sent') sent.push({ ...prepared.mail, view: views.at(-1)! });
        return result;
      });
      delivery.start();
      await delivery.stop();
    }
    const subjects = (): string[] => sent.map(({ subject }) => subject);

    describe('a notice', () => {
      it('is sent once to everybody who wants it and may know of it', async () => {
        people.set(BOB, person(BOB, 'cashier', [shop.id]));
        await subscribe(ADA);
        await subscribe(BOB);
        await add(paid('a'), paid('a'));
        await add(paid('a'));
        for (let n = 0; n < 3; n += 1) await round();
        expect(sent.map(({ to, subject }) => `${to} ${subject}`).sort()).toEqual(['ad@shop.example a', 'b0@shop.example a']);
      });

      it('is lost with the change that it reports, if that is rolled back', async () => {
        await subscribe(ADA);
        const failing = database.store.transaction(async (tx) => {
          await tx.notices.add([paid('a')]);
          throw new Error('rolled back');
        });
        await expect(failing).rejects.toThrow('rolled back');
        await round();
        expect(sent).toEqual([]);
      });

      it('is not stored while nobody wants its kind', async () => {
        await subscribe(ADA, { kinds: ['chain.trouble'] });
        await assignNotices(context(), NEVER);
        await add(paid('a'));
        expect(await database.db.selectFrom('notices').selectAll().execute()).toEqual([]);
      });

      const outside: readonly [string, () => KnownRecipient | undefined][] = [
        ['who sees another POS', () => person(BOB, 'manager', [])],
        ['whose role lacks the permission', () => ({ ...person(BOB, 'owner'), permissions: new Set() })],
        ['who may not log in', () => undefined],
      ];
      it.each(outside)('is not sent to somebody %s', async (_, bob) => {
        const allowed = person(BOB, 'owner');
        const now = bob();
        await subscribe(BOB);
        if (now !== undefined) people.set(BOB, now);
        await add(paid('before'));
        await round();
        // The same is decided again when the message is sent.
        people.set(BOB, allowed);
        database.store.notices.setWanted(new Set(NOTICE_KINDS));
        await add(paid('after'));
        await assignNotices(context(), NEVER);
        await composeMessages(context(), NEVER);
        if (now === undefined) people.delete(BOB);
        else people.set(BOB, now);
        await round();
        expect(sent).toEqual([]);
        const messages = await database.store.messages.list({ personId: BOB, before: undefined, limit: 9 });
        expect(messages.map(({ delivery }) => delivery.status)).toEqual(['dropped']);
      });

      const facts: readonly NoticeFacts[] = [
        { kind: 'payment.unassigned', accountId: parseId('00000000-0000-4000-8000-00000000acc0'), txid: 'ab', sats: '1' },
        { kind: 'seal.broken', row: 'accounts 1' },
        { kind: 'sign_in.new_device', name: 'Ada', device: 'Firefox' },
        { kind: 'people.changed', change: 'added', name: 'Eve', by: 'Ada' },
      ];
      it.each(facts)('about what a cashier may not know is not sent to one: $kind', async (one) => {
        people.set(BOB, person(BOB, 'cashier', [shop.id]));
        await subscribe(BOB);
        await subscribe(ADA);
        await add(paid('a', { posId: null, personId: ADA, facts: one }));
        await round();
        expect(sent.map(({ to }) => to)).toEqual(['ad@shop.example']);
      });

      it('is sent to nobody who has stopped the messages or not confirmed the address', async () => {
        await subscribe(ADA, { stoppedAt: NOON });
        await subscribe(ADA, { channel: { kind: 'email', address: 'new@shop.example', confirmedAt: null } });
        await add(paid('a'));
        await round();
        expect(sent).toEqual([]);
      });
    });

    describe('a message', () => {
      it('is sent again under the same id, with the same notices, until it arrives', async () => {
        await subscribe(ADA);
        await add(paid('a'));
        results = [{ kind: 'failed', error: '450 later', concerns: 'message', isFinal: false }];
        await round();
        await add(paid('b'));
        clock.advance(DAY_MS);
        await round();
        await round();
        expect(subjects().sort()).toEqual(['a', 'b']);
        const first = await database.db.selectFrom('messages').selectAll().orderBy('id').executeTakeFirstOrThrow();
        expect(sent.map(({ id }) => String(id))).toContain(first.id);
        expect(Number(first.attempts)).toBe(2);
      });

      it('is given up when it is refused for good, or after three days', async () => {
        await subscribe(ADA);
        await add(paid('a'));
        results = [{ kind: 'failed', error: '550 no such user', concerns: 'message', isFinal: true }];
        await round();
        clock.advance(1);
        await add(paid('b'));
        results = [{ kind: 'failed', error: '450 later', concerns: 'message', isFinal: false }];
        await round();
        clock.advance(3 * DAY_MS);
        results = [{ kind: 'failed', error: '450 later', concerns: 'message', isFinal: false }];
        await round();
        const messages = await database.store.messages.list({ personId: ADA, before: undefined, limit: 9 });
        expect(messages.map(({ delivery }) => delivery)).toMatchObject([
          { status: 'failed', lastError: '450 later' },
          { status: 'failed', lastError: '550 no such user' },
        ]);
      });

      it('that another process has claimed is left to it until the claim expires', async () => {
        await subscribe(ADA);
        await add(paid('a'));
        await assignNotices(context(), NEVER);
        await composeMessages(context(), NEVER);
        const claim = { channel: 'email', now: clock.now(), until: NOON, claimant: 'dead', limit: 4 } as const;
        const until = clock.now() + MINUTE_MS;
        const claimed = await database.store.transaction((tx) =>
          tx.messages.claim({ ...claim, until: until as typeof claim.until }),
        );
        expect(claimed).toHaveLength(1);
        await round('two');
        expect(sent).toEqual([]);
        clock.advance(MINUTE_MS);
        await round('two');
        expect(subjects()).toEqual(['a']);
        expect(await database.store.messages.finish(claimed[0]!.id, 'dead', { kind: 'sent', at: NOON })).toBe(false);
      });

      it('to a server that hangs does not hold up the stop, and is sent after the next start', async () => {
        await subscribe(ADA);
        await add(paid('a'));
        await assignNotices(context(), NEVER);
        await composeMessages(context(), NEVER);
        const stored = async (): Promise<StoredMessage> =>
          (await database.store.messages.list({ personId: ADA, before: undefined, limit: 1 }))[0]!;
        const hanging = deliveryOf(
          'one',
          'email',
          (_, _prepared, signal) => {
            const failed = { kind: 'failed', error: 'aborted', concerns: 'server', isFinal: false } as const;
            return new Promise((resolve) => {
              signal.addEventListener('abort', () => resolve(failed));
              if (signal.aborted) resolve(failed);
            });
          },
          0,
        );
        hanging.start();
        await vi.waitFor(async () => expect((await stored()).attempts).toBe(1));
        await hanging.stop();
        expect(await stored()).toMatchObject({ attempts: 0, delivery: { status: 'waiting', nextAttemptAt: clock.now() } });
        await round();
        expect(subjects()).toEqual(['a']);
      });

      it('waits while nothing can be sent at all, and one at a time is tried', async () => {
        await subscribe(ADA);
        await subscribe(ADA, { channel: { kind: 'email', address: 'second@shop.example', confirmedAt: NOON } });
        await add(paid('a'));
        await assignNotices(context(), NEVER);
        await composeMessages(context(), NEVER);
        let attempts = 0;
        const refused = deliveryOf('one', 'email', async () => {
          attempts += 1;
          return { kind: 'failed', error: 'ECONNREFUSED', concerns: 'server', isFinal: false };
        });
        refused.start();
        await vi.waitFor(() => expect(attempts).toBe(2));
        clock.advance(DAY_MS);
        refused.wake();
        await vi.waitFor(() => expect(attempts).toBe(3));
        await refused.stop();
        expect(attempts).toBe(3);
      });

      it('of several processes is composed and sent once', async () => {
        await subscribe(ADA);
        await add(...Array.from({ length: 130 }, (_, n) => paid(`n${n}`)));
        await Promise.all(['one', 'two', 'three'].map((claimant) => round(claimant)));
        for (let n = 0; n < 5; n += 1) await round();
        const ids = sent.flatMap(({ text }) => text.split('\n'));
        expect(ids).toHaveLength(130);
        expect(new Set(ids).size).toBe(130);
      });
    });

    describe('a timetable', () => {
      it('holds messages back in quiet hours, unless they are urgent', async () => {
        // Noon in UTC is 13:00 in Rome.
        await subscribe(ADA, { quiet: { from: 12 * 60, to: 15 * 60 } });
        await add(paid('a'), paid('urgent', { facts: { kind: 'seal.broken', row: 'x' } }));
        await round();
        expect(subjects()).toEqual(['urgent']);
        clock.advance(2 * HOUR_MS - 1);
        await round();
        expect(sent).toHaveLength(1);
        clock.advance(1);
        await round();
        expect(subjects()).toEqual(['urgent', 'a']);
      });

      it('holds back what could not be sent before the quiet hours began', async () => {
        await subscribe(ADA, { quiet: { from: 14 * 60, to: 15 * 60 } });
        await add(paid('a'));
        await assignNotices(context(), NEVER);
        clock.advance(HOUR_MS);
        await round();
        expect(sent).toEqual([]);
        clock.advance(HOUR_MS);
        await round();
        expect(subjects()).toEqual(['a']);
      });

      it('collects the notices of a day', async () => {
        await subscribe(ADA, { timing: { kind: 'daily', minute: 18 * 60 } });
        for (const id of ['a', 'b', 'c']) {
          await add(paid(id));
          await round();
          clock.advance(HOUR_MS);
        }
        expect(sent).toEqual([]);
        clock.advance(3 * HOUR_MS);
        await round();
        expect(subjects()).toEqual(['a b c']);
      });
    });

    it('old notices and messages are deleted, and nothing that waits', async () => {
      await subscribe(ADA);
      await add(paid('a'));
      await round();
      clock.advance(41 * DAY_MS);
      await add(paid('b'));
      await assignNotices(context(), NEVER);
      await pruneNotifications(context(), NEVER);
      expect((await database.db.selectFrom('notices').select('id').execute()).map(({ id }) => id)).toEqual(['b']);
      await round();
      expect(subjects()).toEqual(['a', 'b']);
    });

    it('a message to a program has the fields that the page about notifications shows', async () => {
      const page = await readFile(new URL('../../../../../docs/notifications.md', import.meta.url), 'utf8');
      const [, sample = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
      await subscribe(ADA, { channel: { kind: 'post', url: 'https://shop.invalid/notices' } });
      await add(paid('a'));
      await assignNotices(context(), NEVER);
      await composeMessages(context(), NEVER);
      const bodies: unknown[] = [];
      const delivery = deliveryOf('one', 'post', async (_, prepared) => {
        bodies.push(prepared.kind === 'post' ? JSON.parse(prepared.body) : prepared);
        return { kind: 'sent' };
      });
      delivery.start();
      await delivery.stop();
      expect(bodies.map(typesOf)).toEqual([typesOf(JSON.parse(sample))]);
    });

    it('a notice shows what its order is called when it is sent', async () => {
      await subscribe(ADA);
      await add(paid('a'));
      await round();
      expect(sent[0]?.view).toMatchObject({
        items: [
          { order: { number: order.terms.id.slice(0, 8).toUpperCase(), fiat: { amount: '60.00' } }, pos: { name: shop.name } },
        ],
      });
      expect(sent[0]?.unsubscribeUrl).toMatch(/^https:\/\/pay\.example\/notifications\/stop\//);
    });
  },
  [IN_MEMORY, ON_POSTGRES],
);
