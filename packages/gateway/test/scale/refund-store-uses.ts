/** The uses of the ports of refunds; see `store-uses.ts`. */
import type { OutPoint, ScriptHex, Txid } from '../../src/kernel/chain.ts';
import { epochMs } from '../../src/kernel/clock.ts';
import { parseId } from '../../src/kernel/ids.ts';
import { sats } from '../../src/kernel/sats.ts';
import type { Payout } from '../../src/refunds/payout.ts';
import type { Refund } from '../../src/refunds/refund.ts';
import type { StoreReads } from '../../src/store/ports/store.ts';
import { blockOf } from '../support/samples.ts';
import { LARGE_POS, orderIdOf } from './large-database.ts';

type UsesOf<Names extends keyof StoreReads> = {
  readonly [Name in Names]: { readonly [Method in keyof StoreReads[Name]]: (port: StoreReads[Name]) => Promise<unknown> };
};

const NOW = epochMs(Date.UTC(2030, 0, 1));
const SCRIPT = 'script' as ScriptHex;
const OUT_POINT: OutPoint = { txid: 'f'.repeat(64) as Txid, vout: 0 };
const REFUND: Refund = {
  id: parseId('ffffffff-0000-4000-8000-0000000000f1'),
  orderId: orderIdOf(1),
  posId: LARGE_POS,
  requestedBy: 'merchant',
  requestedAt: NOW,
  address: 'address',
  sinceHeight: 1,
  reason: null,
  state: { status: 'requested' },
  seal: null,
};
const PAYOUT: Omit<Payout, 'refundId'> = {
  outPoint: OUT_POINT,
  script: SCRIPT,
  amount: sats(1_000n),
  firstSeenAt: NOW,
  place: { kind: 'mempool' },
};

export const REFUND_STORE_USES: UsesOf<'refunds' | 'payouts'> = {
  refunds: {
    insert: (port) => port.insert(REFUND),
    update: (port) => port.update(REFUND),
    get: (port) => port.get(REFUND.id),
    ofOrder: (port) => port.ofOrder(REFUND.orderId),
    ofOrders: (port) => port.ofOrders([REFUND.orderId]),
    list: async (port) => {
      for (const posId of [undefined, LARGE_POS])
        for (const status of [undefined, 'requested', 'refused'] as const)
          for (const before of [undefined, REFUND.id]) await port.list({ posId, status, before, limit: 26 });
    },
    watch: (port) => port.watch(REFUND.id),
    unwatch: (port) => port.unwatch(REFUND.id),
    watchedAfter: (port) => port.watchedAfter(0, 500),
    byScripts: (port) => port.byScripts([SCRIPT]),
    mark: (port) => port.mark([SCRIPT]),
    markAgain: (port) => port.markAgain(),
    idsToJudge: (port) => port.idsToJudge(1_000, 100),
    judged: (port) => port.judged(REFUND.id, { judgeAtHeight: undefined, isReported: false }),
    isReported: (port) => port.isReported(REFUND.id),
  },
  payouts: {
    unconfirmedPayments: (port) => port.unconfirmedPayments(),
    paymentsIn: (port) => port.paymentsIn([OUT_POINT.txid]),
    txidsInBlocks: (port) => port.txidsInBlocks([blockOf(101)]),
    setPlace: (port) => port.setPlace(OUT_POINT, { kind: 'mempool' }),
    setPlaces: (port) => port.setPlaces([OUT_POINT], { kind: 'mempool' }),
    place: (port) => port.place(PAYOUT),
    rollBackBlock: (port) => port.rollBackBlock(blockOf(101)),
    get: (port) => port.get(OUT_POINT),
    toScripts: (port) => port.toScripts([SCRIPT], 50),
    link: (port) => port.link(OUT_POINT, REFUND.id),
    scriptsOf: (port) => port.scriptsOf([OUT_POINT]),
  },
};
