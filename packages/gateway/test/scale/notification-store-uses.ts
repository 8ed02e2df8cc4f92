/** The uses of the ports of notifications; see `store-uses.ts`. */
import { epochMs } from '../../src/kernel/clock.ts';
import { parseId, type MessageId, type PersonId, type SubscriptionId } from '../../src/kernel/ids.ts';
import type { Notice } from '../../src/notifications/notice.ts';
import { NOTICE_KINDS } from '../../src/notifications/notice-kind.ts';
import type { Subscription } from '../../src/notifications/subscription.ts';
import type { NewMessage } from '../../src/store/ports/notifications/message-store.ts';
import type { StoreReads } from '../../src/store/ports/store.ts';

type UsesOf<Names extends keyof StoreReads> = {
  readonly [Name in Names]: { readonly [Method in keyof StoreReads[Name]]: (port: StoreReads[Name]) => Promise<unknown> };
};

const NOW = epochMs(Date.UTC(2030, 0, 1));
const PERSON = parseId<PersonId>('00000000-0000-4000-8000-000000000001');
const SUBSCRIPTION_ID = parseId<SubscriptionId>('00000000-0000-4000-8000-000000000002');
const MESSAGE_ID = parseId<MessageId>('00000000-0000-4000-8000-000000000003');

const NOTICE: Notice = {
  id: 'notice',
  at: NOW,
  posId: null,
  personId: null,
  facts: { kind: 'chain.trouble', state: 'recovered', since: NOW },
};
const SUBSCRIPTION: Subscription = {
  id: SUBSCRIPTION_ID,
  personId: PERSON,
  channel: { kind: 'email', address: 'ada@shop.example', confirmedAt: NOW },
  kinds: NOTICE_KINDS,
  posIds: null,
  timing: { kind: 'immediately' },
  quiet: null,
  timeZone: 'UTC',
  urgentBreaksThrough: true,
  hasAmountsInSubject: false,
  createdAt: NOW,
  stoppedAt: null,
};
const MESSAGE: NewMessage = {
  id: MESSAGE_ID,
  kind: 'notices',
  subscriptionId: SUBSCRIPTION_ID,
  personId: PERSON,
  channel: 'email',
  recipient: 'ada@shop.example',
  isUrgent: false,
  createdAt: NOW,
};

export const NOTIFICATION_STORE_USES: UsesOf<'notices' | 'subscriptions' | 'messages'> = {
  notices: {
    wants: async (port) => port.wants('order.paid'),
    setWanted: async (port) => port.setWanted(new Set(NOTICE_KINDS)),
    add: (port) => port.add([NOTICE]),
    lockPending: (port) => port.lockPending(100),
    assigned: (port) => port.assigned(['notice'], NOW),
    get: (port) => port.get(['notice', 'none']),
    prune: (port) => port.prune({ before: NOW, limit: 100 }),
    state: (port) => port.state('chain'),
    putState: (port) => port.putState('chain', null, '1'),
  },
  subscriptions: {
    insert: (port) => port.insert(SUBSCRIPTION),
    update: (port) => port.update(SUBSCRIPTION),
    get: (port) => port.get(SUBSCRIPTION_ID),
    ofPerson: (port) => port.ofPerson(PERSON),
    after: async (port) => [await port.after(undefined, 100), await port.after(SUBSCRIPTION_ID, 100)],
    delete: (port) => port.delete(SUBSCRIPTION_ID),
  },
  messages: {
    addItems: (port) => port.addItems([{ subscriptionId: SUBSCRIPTION_ID, noticeId: 'notice', isUrgent: false, dueAt: NOW }]),
    dueSubscriptions: (port) => port.dueSubscriptions(NOW, 50),
    compose: (port) => port.compose(MESSAGE, NOW, 50),
    postpone: (port) => port.postpone(SUBSCRIPTION_ID, NOW, NOW),
    dropItems: (port) => port.dropItems(SUBSCRIPTION_ID),
    insert: (port) => port.insert({ ...MESSAGE, id: parseId('00000000-0000-4000-8000-000000000004') }),
    claim: (port) => port.claim({ channel: 'email', now: NOW, until: NOW, claimant: 'me', limit: 4 }),
    itemsOf: (port) => port.itemsOf(MESSAGE_ID),
    finish: (port) => port.finish(MESSAGE_ID, 'me', { kind: 'sent', at: NOW }),
    giveUp: (port) => port.giveUp({ channel: 'email', dueBefore: NOW, at: NOW, error: 'none', limit: 100 }),
    countWaiting: (port) => port.countWaiting('email', 100),
    list: async (port) => [
      await port.list({ personId: PERSON, before: MESSAGE_ID, limit: 20 }),
      await port.list({ personId: undefined, before: undefined, limit: 20 }),
    ],
    countSince: async (port) => [
      await port.countSince({ kind: 'confirmation', of: { personId: PERSON }, since: NOW, limit: 20 }),
      await port.countSince({ kind: 'confirmation', of: { recipient: 'ada@shop.example' }, since: NOW, limit: 20 }),
    ],
    prune: (port) => port.prune({ before: NOW, limit: 100 }),
  },
};
