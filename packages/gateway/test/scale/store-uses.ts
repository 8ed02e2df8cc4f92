/**
 * Uses every method of every port of the store, with every combination of filters, for lists with and without a match. A port or a method
 * that is missing here does not compile.
 */
import { BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import type { BlockHash, OutPoint, ScriptHex, Txid } from '../../src/kernel/chain.ts';
import { epochMs, plusMs } from '../../src/kernel/clock.ts';
import { parseId, type AccountId, type OrderId } from '../../src/kernel/ids.ts';
import { sats } from '../../src/kernel/sats.ts';
import type { LogoId } from '../../src/merchants/logo-image.ts';
import type { Pos } from '../../src/merchants/pos.ts';
import type { Order } from '../../src/orders/order.ts';
import type { UnassignedPayment } from '../../src/orders/unassigned-payment.ts';
import type { Quote } from '../../src/rates/quote.ts';
import { EVERY_ORDER, type OrderMatch, type OrderSearch } from '../../src/store/ports/order-search.ts';
import type { StoreReads } from '../../src/store/ports/store.ts';
import {
  blockOf,
  judged,
  SAMPLE_ATTEMPT,
  sampleAccount,
  sampleCallback,
  sampleOrder,
  samplePayment,
  samplePos,
  txidOf,
} from '../support/samples.ts';
import { NOTIFICATION_STORE_USES } from './notification-store-uses.ts';
import { PANEL_STORE_USES } from './panel-store-uses.ts';
import { PEOPLE_STORE_USES } from './people-store-uses.ts';
import { REFUND_STORE_USES } from './refund-store-uses.ts';
import {
  ACCOUNT,
  callbackIdOf,
  createdAt,
  EMPTY_POS,
  ENDPOINT,
  LARGE_POS,
  orderIdOf,
  SHARED_REFERENCE,
  SMALL_POS,
  TIP_HEIGHT,
  type Sizes,
} from './large-database.ts';

/** What the uses need to know about the rows. */
export interface Known extends Sizes {
  readonly pos: Pos;
  /** An order that is paid. */
  readonly order: Order;
}

type Uses = {
  readonly [Name in keyof StoreReads]: {
    readonly [Method in keyof StoreReads[Name]]: (port: StoreReads[Name], known: Known) => Promise<unknown>;
  };
};

const UNKNOWN_TXID = 'f'.repeat(64) as Txid;
const UNKNOWN_ID = 'ffffffff-0000-4000-8000-000000000000';
const OUT_POINT: OutPoint = { txid: UNKNOWN_TXID, vout: 0 };
const POS_IDS = [undefined, LARGE_POS, SMALL_POS, EMPTY_POS] as const;
const POS_SETS = [
  undefined,
  [LARGE_POS],
  [SMALL_POS],
  [EMPTY_POS],
  [LARGE_POS, SMALL_POS, EMPTY_POS],
  [SMALL_POS, EMPTY_POS],
] as const;
const ENDPOINTS = [undefined, ENDPOINT, 'https://none.example'] as const;
const NOW = epochMs(Date.UTC(2030, 0, 1));
const SAMPLE_QUOTE: Quote = { provider: 'kraken', currency: 'EUR', price: { digits: 60_000n, scale: 0 }, at: NOW };
const scriptOf = (name: string): ScriptHex => `0014${name}` as ScriptHex;
const sampleUnassigned = (name: string): Omit<UnassignedPayment, 'acknowledged'> => ({
  outPoint: { txid: txidOf(name), vout: 0 },
  accountId: ACCOUNT,
  addressIndex: 1,
  address: 'address',
  script: scriptOf('dd'),
  amount: sats(1n),
  normalizedTxid: UNKNOWN_TXID,
  firstSeenAt: NOW,
  place: { kind: 'mempool' },
});

/** Runs a use for every combination of the given values. */
async function forEach<Values extends Readonly<Record<string, readonly unknown[]>>>(
  values: Values,
  use: (chosen: { readonly [Name in keyof Values]: Values[Name][number] }) => Promise<unknown>,
): Promise<void> {
  let chosen: Record<string, unknown>[] = [{}];
  for (const [name, all] of Object.entries(values))
    chosen = chosen.flatMap((one) => all.map((value) => ({ ...one, [name]: value })));
  for (const one of chosen) await use(one as { readonly [Name in keyof Values]: Values[Name][number] });
}

/** Reads the first values of an iteration that reads page by page. */
async function begin(values: AsyncIterable<unknown>): Promise<void> {
  let left = 20_001;
  for await (const _ of values) {
    left -= 1;
    if (left === 0) return;
  }
}

const MATCHES: readonly (readonly OrderMatch[] | undefined)[] = [
  undefined,
  [{ by: 'id', id: orderIdOf(1_500) }],
  [{ by: 'id_start', start: '00000100' }],
  [{ by: 'script', script: scriptOf('00') }],
  [{ by: 'txid', txid: UNKNOWN_TXID }],
  [{ by: 'reference', reference: 'order 1001' }],
  [{ by: 'reference', reference: 'nothing has this' }],
  [{ by: 'reference', reference: SHARED_REFERENCE }],
  [{ by: 'fiat', minorUnits: '50000', currencies: ['EUR'] }],
  [{ by: 'fiat', minorUnits: '7', currencies: ['EUR'] }],
  [{ by: 'received', amount: sats(5_000n) }],
  [{ by: 'received', amount: sats(7n) }],
];

const FIRST_PAGE: OrderSearch = { ...EVERY_ORDER, limit: 51 };

const places = {
  unconfirmedPayments: (port: StoreReads['orders'] | StoreReads['unassigned']) => port.unconfirmedPayments(),
  paymentsIn: (port: StoreReads['orders'] | StoreReads['unassigned']) => port.paymentsIn([UNKNOWN_TXID]),
  txidsInBlocks: (port: StoreReads['orders'] | StoreReads['unassigned']) => port.txidsInBlocks([blockOf(101), blockOf(9_000)]),
  setPlace: (port: StoreReads['orders'] | StoreReads['unassigned']) => port.setPlace(OUT_POINT, { kind: 'mempool' }),
  setPlaces: (port: StoreReads['orders'] | StoreReads['unassigned']) => port.setPlaces([OUT_POINT], { kind: 'mempool' }),
} as const;

export const STORE_USES: Uses = {
  accounts: {
    insert: (port) => port.insert(sampleAccount()),
    get: (port) => port.get(ACCOUNT),
    list: (port) => port.list(),
    setSeal: (port) => port.setSeal(ACCOUNT, 'seal'),
    takeIndexes: (port) => port.takeIndexes(ACCOUNT, 1),
    raiseIndex: (port) => port.raiseIndex(ACCOUNT, 2 ** 30, 'operator', NOW),
    skippedRanges: async (port) => [await port.skippedRanges(), await port.skippedRanges(ACCOUNT)],
    deleteUnused: (port) => port.deleteUnused(parseId(UNKNOWN_ID)),
    lastPaidIndex: async (port, { orders }) => [
      await port.lastPaidIndex(ACCOUNT, orders - 1_000, orders),
      await port.lastPaidIndex(ACCOUNT, 0, 1_000),
    ],
  },
  addresses: {
    insert: (port) => port.insert(ACCOUNT, [{ index: 7, address: 'address', script: scriptOf('aa'), seal: null }]),
    from: (port) => port.from(ACCOUNT, 0, 100),
    ownersOf: (port) => port.ownersOf([scriptOf('bb')]),
    prune: (port) => port.prune(ACCOUNT, 100_000_010),
    delete: (port) => port.delete(ACCOUNT, 7),
    unseal: (port) => port.unseal(ACCOUNT),
  },
  marksPlace: { get: (port) => port.get(), put: (port) => port.put({ path: '/marks', missingAt: null }) },
  logos: {
    put: (port) => port.put('logo' as LogoId, { mediaType: 'image/png', bytes: new Uint8Array(1) }),
    get: (port) => port.get('logo' as LogoId),
    deleteUnused: (port) => port.deleteUnused(),
  },
  pos: {
    insert: (port, { pos }) => port.insert(samplePos(sampleAccount({ id: pos.accountId }))),
    update: (port, { pos }) => port.update(pos),
    get: (port) => port.get(LARGE_POS),
    lock: (port) => port.lock(LARGE_POS),
    byClientId: (port) => port.byClientId('large'),
    delete: (port) => port.delete(EMPTY_POS),
    list: (port) => port.list(),
  },
  orders: {
    ...places,
    insert: (port, { pos }) => port.insert(sampleOrder(pos, { addressIndex: 500_000_000 })),
    update: async (port, { order }) => {
      await port.lock(order.terms.id);
      await port.update(order, judged({ blockchainStatus: 'expired' }));
    },
    get: (port) => port.get(orderIdOf(1_500)),
    addresses: (port) => port.addresses(Array.from({ length: 100 }, (_, n) => orderIdOf(n * 7))),
    getMany: (port) => port.getMany(Array.from({ length: 100 }, (_, n) => orderIdOf(n * 7))),
    lock: (port) => port.lock(orderIdOf(1_500)),
    lockMany: (port) => port.lockMany(Array.from({ length: 100 }, (_, n) => orderIdOf(n * 7))),
    idsByScript: (port) => port.idsByScript([scriptOf('cc')]),
    currenciesOf: (port, { order }) => port.currenciesOf([order.terms.id]),
    watch: (port) => port.watch([orderIdOf(3)]),
    watchAgain: (port) => port.watchAgain(),
    watchedIds: (port) => port.watchedIds(),
    watchedAmong: (port) => port.watchedAmong([orderIdOf(3), orderIdOf(4)]),
    idsToJudge: async (port) => [await port.idsToJudge(1, 100), await port.idsToJudge(TIP_HEIGHT + 100, 100)],
    dueIds: async (port) => [await port.dueIds(epochMs(0), 100), await port.dueIds(NOW, 100)],
    nextDeadline: (port) => port.nextDeadline(),
    placePayment: (port, { order }) => port.placePayment(samplePayment(order, 'new')),
    recordPayment: (port, { order }) => port.recordPayment(samplePayment(order, 'newer')),
    rollBackBlock: (port) => port.rollBackBlock({ height: 101, hash: '00000001' as BlockHash }),
    reschedule: (port, { order }) => port.reschedule(order.terms.id, { expiresAt: NOW }, NOW),
    setCallbackUrl: (port, { order }) => port.setCallbackUrl(order.terms.id, 'https://shop.example/new'),
    setAddressSeal: (port, { order }) => port.setAddressSeal(order.terms.id, 'seal'),
    deletePayments: (port, { order }) => port.deletePayments(order.terms.id),
    scripts: (port) => begin(port.scripts()),
    scriptsFrom: async (port, { orders }) => [
      await port.scriptsFrom(ACCOUNT, orders - 1_000),
      await port.scriptsFrom(ACCOUNT, orders),
    ],
    countScripts: (port) => port.countScripts(),
    find: async (port, { orders }) => {
      const cursors = [{}, { before: orderIdOf(orders / 2) }, { after: orderIdOf(orders / 2) }] as const;
      await forEach({ posIds: POS_SETS, matches: MATCHES, cursor: cursors }, ({ cursor, ...chosen }) =>
        port.find({ ...FIRST_PAGE, ...chosen, ...cursor }),
      );
      const statuses = ['paid', 'pending', 'chargeback'] as const;
      const times = [{ since: createdAt(orders / 2) }, { until: createdAt(orders / 2) }, { since: NOW }] as const;
      await forEach(
        { posIds: POS_SETS, blockchainStatus: statuses, cursor: cursors, time: times },
        ({ cursor, time, ...chosen }) => port.find({ ...FIRST_PAGE, ...chosen, ...cursor, ...time }),
      );
      await forEach({ posIds: POS_SETS, blockchainStatus: [undefined, ...statuses], cursor: cursors }, ({ cursor, ...chosen }) =>
        port.find({ ...FIRST_PAGE, ...chosen, ...cursor, needsAttention: true }),
      );
      await forEach({ matches: MATCHES, blockchainStatus: statuses }, (chosen) => port.find({ ...FIRST_PAGE, ...chosen }));
    },
    list: async (port, { orders }) => {
      const pages = [0, 3, Math.floor(orders / 80), Math.ceil(orders / 40) - 1, 1_000_000] as const;
      await forEach(
        {
          posId: [LARGE_POS, SMALL_POS, EMPTY_POS],
          blockchainStatus: [undefined, ...BLOCKCHAIN_STATUSES],
          sortBy: ['created_at', 'amount'],
          sortOrder: ['asc', 'desc'],
          page: pages,
        } as const,
        (chosen) => port.list({ ...chosen, pageSize: 40 }),
      );
      await forEach(
        {
          blockchainStatus: [undefined, 'paid', 'pending', 'chargeback'],
          reference: ['order 1001', 'nothing has this', SHARED_REFERENCE],
          sortBy: ['created_at', 'amount'],
          sortOrder: ['asc', 'desc'],
          page: [0, 1, Math.floor(orders / 400)],
        } as const,
        (chosen) => port.list({ ...chosen, posId: LARGE_POS, pageSize: 40 }),
      );
    },
  },
  unassigned: {
    ...places,
    record: (port) => port.record(sampleUnassigned('newer')),
    place: (port) => port.place(sampleUnassigned('new')),
    among: (port) => port.among([OUT_POINT]),
    rollBackBlock: (port) => port.rollBackBlock(blockOf(101)),
    get: (port) => port.get(OUT_POINT),
    list: (port) =>
      forEach({ accountId: [undefined, ACCOUNT, parseId<AccountId>(UNKNOWN_ID)], open: [true, false] } as const, (chosen) =>
        port.list({ ...chosen, limit: 21 }),
      ),
    openSums: (port) => port.openSums(),
    acknowledge: (port) => port.acknowledge(OUT_POINT, NOW, 'refunded'),
  },
  transactions: {
    save: (port) =>
      port.save([{ txid: UNKNOWN_TXID, members: [{ txid: UNKNOWN_TXID, raw: new Uint8Array(1), spends: [OUT_POINT] }] }], NOW),
    families: (port) => port.families([UNKNOWN_TXID]),
    spends: (port) => port.spends([UNKNOWN_TXID]),
    spending: (port) => port.spending([OUT_POINT]),
    outPoints: (port) => begin(port.outPoints()),
    list: async (port) => [await port.list(undefined, 500), await port.list(UNKNOWN_TXID, 500)],
    delete: (port) => port.delete([UNKNOWN_TXID]),
  },
  history: {
    insert: (port, { order }) =>
      port.insert({
        id: UNKNOWN_ID,
        orderId: order.terms.id,
        at: NOW,
        actor: 'command',
        action: 'settle',
        reason: 'goodwill',
        before: 'expired',
        after: 'paid',
        received: sats(0n),
      }),
    ofOrder: (port, { order }) => port.ofOrder(order.terms.id),
    since: async (port) => [await port.since(epochMs(0), 100), await port.since(NOW, 100)],
  },
  refundRequests: {
    put: (port, { order }) => port.put({ orderId: order.terms.id, address: 'address', requestedAt: NOW }),
    ofOrder: (port, { order }) => port.ofOrder(order.terms.id),
    page: async (port, { order }) => [await port.page(undefined, 500), await port.page(order.terms.id, 500)],
  },
  chain: {
    recent: (port) => port.recent(200),
    tip: (port) => port.tip(),
    ends: (port) => port.ends(),
    append: (port) => port.append([blockOf(TIP_HEIGHT + 1)]),
    rollBackFrom: (port) => port.rollBackFrom(TIP_HEIGHT),
    prune: (port) => port.prune(10),
    recordRestart: (port) =>
      port.recordRestart({
        at: NOW,
        fromHeight: 1,
        to: blockOf(2),
        unread: undefined,
        undoneBlocks: 0,
        foundPayments: 0,
      }),
    restarts: (port) => port.restarts(),
  },
  callbacks: {
    insert: (port, { order }) => port.insert([sampleCallback(order)]),
    queues: (port) => port.queues(),
    claim: (port) =>
      forEach(
        { kind: ['fresh', 'retries'], newest: [true, false], endpoint: [ENDPOINT, 'https://none.example'] } as const,
        (chosen) => port.claim({ ...chosen, posId: LARGE_POS, now: NOW, until: plusMs(NOW, 1), claimant: 'me', limit: 16 }),
      ),
    claimsOfOthers: (port) => port.claimsOfOthers({ endpoints: [ENDPOINT, 'https://none.example'], claimant: 'me', now: NOW }),
    finish: (port) =>
      port.finish(
        [
          {
            callback: { id: callbackIdOf(3), orderId: orderIdOf(3) },
            end: { outcome: { kind: 'delivered', at: NOW }, record: SAMPLE_ATTEMPT },
          },
        ],
        'me',
      ),
    release: (port) => port.release([callbackIdOf(3)], 'me', NOW),
    giveUp: async (port) => [
      await port.giveUp({ wantedBefore: epochMs(0), now: NOW, limit: 100 }),
      await port.giveUp({ wantedBefore: NOW, now: NOW, limit: 10 }),
    ],
    attempts: (port) => port.attempts(callbackIdOf(3)),
    pruneAttempts: async (port, { orders }) => [
      await port.pruneAttempts({ before: epochMs(0), limit: 500 }),
      await port.pruneAttempts({ before: createdAt(orders), limit: 500 }),
    ],
    pruneEvents: (port, { orders }) =>
      forEach(
        { posId: [LARGE_POS, SMALL_POS, EMPTY_POS], before: [epochMs(0), createdAt(orders)] } as const,
        ({ posId, before }) => port.pruneEvents(posId, { before, limit: 100 }),
      ),
    prunedEvent: (port) => port.prunedEvent(LARGE_POS),
    ofOrder: (port) => port.ofOrder(orderIdOf(3)),
    get: (port) => port.get(callbackIdOf(3)),
    listedOfOrder: (port) => port.listedOfOrder(orderIdOf(3)),
    listed: (port) => port.listed(callbackIdOf(3)),
    list: (port, { orders }) =>
      forEach(
        {
          orderId: [undefined, orderIdOf(3), UNKNOWN_ID as OrderId],
          posId: POS_IDS,
          status: [undefined, 'waiting', 'delivered', 'failed', 'not_wanted'],
          endpoint: ENDPOINTS,
          before: [undefined, callbackIdOf(orders / 2), callbackIdOf(1_010)],
        } as const,
        (chosen) => port.list({ ...chosen, limit: 26 }),
      ),
    countQueue: async (port) => [
      await port.countQueue({ posId: LARGE_POS, endpoint: ENDPOINT }, 1_000),
      await port.countQueue({ posId: EMPTY_POS, endpoint: ENDPOINT }, 1_000),
    ],
    failedSince: (port, { failed }) =>
      forEach(
        {
          endedSince: [epochMs(0), NOW],
          posId: POS_IDS,
          endpoint: ENDPOINTS,
          after: [undefined, callbackIdOf(failed / 2)],
        } as const,
        (chosen) => port.failedSince({ ...chosen, limit: 100 }),
      ),
    repoint: (port) => port.repoint({ id: callbackIdOf(3), orderId: orderIdOf(3), url: null }, 'https://new.example/', NOW),
    makeDue: (port) => port.makeDue([orderIdOf(3), orderIdOf(4)], () => true, NOW),
    feed: (port, { orders }) =>
      forEach({ posId: [LARGE_POS, SMALL_POS, EMPTY_POS], after: [0, orders / 2, 100_000_000] } as const, ({ posId, after }) =>
        port.feed(posId, after, 100),
      ),
    feedEnd: async (port) => [await port.feedEnd(LARGE_POS, 1_000), await port.feedEnd(EMPTY_POS, 1_000)],
  },
  endpoints: {
    failing: (port) => port.failing(),
    recordFailure: (port) =>
      port.recordFailure({ posId: LARGE_POS, endpoint: ENDPOINT, since: NOW, failures: 1, lastError: 'down', lastAt: NOW }),
    recordSuccess: (port) => port.recordSuccess({ posId: LARGE_POS, endpoint: ENDPOINT }),
    pauses: (port) => port.pauses(),
    pause: (port) => port.pause({ posId: LARGE_POS, endpoint: ENDPOINT, pausedUntil: NOW, failures: 5 }),
    resume: (port) => port.resume({ posId: LARGE_POS, endpoint: ENDPOINT }),
    resumeAll: (port) => port.resumeAll(),
    prune: (port) => port.prune(epochMs(0)),
  },
  deliveryPeers: {
    announce: (port) => port.announce('me', 10_000),
    withdraw: (port) => port.withdraw('me'),
  },
  failures: {
    add: (port) => port.add([{ key: 'key', costMs: 100, maxMs: 10_000 }]),
    prune: (port) => port.prune(),
    recent: (port) => port.recent(),
  },
  panel: {
    grant: (port) => port.grant({ kind: 'code', hash: 'new', expiresAt: NOW }),
    revoke: (port) => port.revoke('hash', 'session', NOW),
    revokeAll: (port) => port.revokeAll(),
    prune: (port) => port.prune(epochMs(0)),
  },
  ...PANEL_STORE_USES,
  ...REFUND_STORE_USES,
  ...NOTIFICATION_STORE_USES,
  ...PEOPLE_STORE_USES,
  idempotency: {
    find: (port) => port.find([{ posId: LARGE_POS, key: 'none' }]),
    insert: (port, { order }) =>
      port.insert([{ posId: LARGE_POS, key: 'new', requestHash: 'hash', orderId: order.terms.id, createdAt: NOW }], epochMs(0)),
    countOf: (port, { order }) => port.countOf(order.terms),
    prune: async (port, { orders }) => [
      await port.prune({ before: epochMs(0), limit: 500 }),
      await port.prune({ before: createdAt(orders), limit: 500 }),
    ],
  },
  readyIndexes: {
    list: (port) => port.list(),
    take: (port) => port.take(ACCOUNT, 1),
    want: (port) => port.want(ACCOUNT, 1),
    publish: (port) => port.publish(ACCOUNT, 10, 1),
    succeed: (port) => port.succeed(1),
    withdraw: (port) => port.withdraw(ACCOUNT),
    startOver: (port) => port.startOver(ACCOUNT),
  },
  lease: {
    read: (port) => port.read(),
    take: (port) => port.take('process', -1_000),
    renew: (port) => port.renew({ holder: 'process', term: 7, timeline: '' }, 1_000, '{}'),
    release: (port) => port.release({ holder: 'process', term: 7, timeline: '' }),
    hold: async (port) => {
      const held = await port.take('process', 1_000);
      if (held !== undefined) await port.hold(held);
    },
  },
  work: {
    read: (port) => port.read('redelivery'),
    lock: (port) => port.lock('redelivery'),
    take: async (port) => {
      await port.lock('redelivery');
      await port.take('redelivery', { holder: 'process', progress: '{}', lifetimeMs: 1_000 });
    },
    save: (port) => port.save({ name: 'redelivery', holder: 'process', term: 7 }, '{}', 1_000),
  },
  rates: {
    quotes: (port) => port.quotes(),
    put: (port) => port.put({ provider: 'kraken', askedAt: NOW, quotes: [SAMPLE_QUOTE], unusable: ['USD'] }),
  },
  erasure: {
    eraseOrder: (port) => port.eraseOrder({ id: orderIdOf(3), createdAt: createdAt(3), callbackUrl: null }),
    rewriteCallback: (port, { order }) =>
      port.rewriteCallback(
        {
          ...sampleCallback(order, { id: callbackIdOf(3) }),
          sequence: 0,
          attempts: 1,
          wantedAt: NOW,
          delivery: { status: 'not_wanted' },
        },
        { body: '{}', url: null },
      ),
    texts: async (port, { orders }) => [await port.texts(undefined, 200), await port.texts(orderIdOf(orders / 2), 200)],
  },
};
