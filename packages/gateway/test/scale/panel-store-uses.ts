/** The uses of the ports that the panel added; see `store-uses.ts`. */
import { randomUUID } from 'node:crypto';
import type { Txid } from '../../src/kernel/chain.ts';
import { createdAt, LARGE_POS, orderIdOf } from './large-database.ts';
import type { MerchantId } from '../../src/kernel/ids.ts';
import { EMPTY_DETAILS, type Merchant } from '../../src/merchants/merchant.ts';
import { epochMs } from '../../src/kernel/clock.ts';
import { LINK_USES } from './link-store-uses.ts';
import type { AuditEntry, AuditHead } from '../../src/store/ports/audit-store.ts';
import type { OrderNote } from '../../src/store/ports/orders/order-note-store.ts';
import type { StoreReads } from '../../src/store/ports/store.ts';

type UsesOf<Names extends keyof StoreReads> = {
  readonly [Name in Names]: { readonly [Method in keyof StoreReads[Name]]: (port: StoreReads[Name]) => Promise<unknown> };
};

const NOW = epochMs(Date.UTC(2030, 0, 1));
const HEAD: AuditHead = { position: 1, hash: 'hash', mac: 'mac' };
const ENTRY: AuditEntry = {
  position: 900_000_000,
  at: NOW,
  actor: { kind: 'command' },
  action: 'order.settle',
  subject: { kind: 'order', id: 'order' },
  details: '{}',
  hash: 'hash',
};

const MERCHANT: Merchant = { ...EMPTY_DETAILS, name: 'Shop', id: randomUUID() as MerchantId, createdAt: NOW };
const NOTE: OrderNote = { id: 'note', orderId: orderIdOf(100), at: NOW, author: 'Ada', text: 'called back' };

export const PANEL_STORE_USES: UsesOf<'links' | 'audit' | 'merchants' | 'notes' | 'sales' | 'reports' | 'sealStart'> = {
  links: LINK_USES,
  sales: {
    events: async (port) => [
      await port.events({ from: createdAt(1_000), until: createdAt(100_000), after: undefined, limit: 500 }),
      await port.events({
        from: createdAt(1_000),
        until: createdAt(100_000),
        after: { at: createdAt(2_000), orderId: orderIdOf(2_000), sequence: 0 },
        limit: 500,
      }),
      await port.events({ from: NOW, until: epochMs(NOW + 1), after: undefined, limit: 500 }),
    ],
  },
  notes: {
    insert: (port) => port.insert(NOTE),
    ofOrder: async (port) => [await port.ofOrder(orderIdOf(1_500), 100), await port.ofOrder(NOTE.orderId, 100)],
  },
  reports: {
    payments: async (port) => [
      await port.payments({ from: epochMs(0), until: NOW, after: undefined, limit: 500 }),
      await port.payments({
        from: epochMs(0),
        until: NOW,
        after: { firstSeenAt: epochMs(1), outPoint: { txid: 'a'.repeat(64) as Txid, vout: 0 } },
        limit: 500,
      }),
    ],
    orders: async (port) => [
      await port.orders({ posId: LARGE_POS, from: epochMs(0), until: NOW, after: undefined, limit: 500 }),
      await port.orders({
        posId: LARGE_POS,
        from: epochMs(0),
        until: NOW,
        after: { createdAt: epochMs(1), id: orderIdOf(0) },
        limit: 500,
      }),
    ],
  },
  merchants: {
    insert: (port) => port.insert(MERCHANT),
    update: (port) => port.update(MERCHANT),
    get: (port) => port.get(MERCHANT.id),
    lock: (port) => port.lock(MERCHANT.id),
    list: (port) => port.list(),
  },
  audit: {
    lockHead: (port) => port.lockHead(),
    append: (port) => port.append(ENTRY, HEAD),
    putHead: (port) => port.putHead(HEAD),
    head: (port) => port.head(),
    after: (port) => port.after(0, 500),
    list: async (port) => [
      await port.list({ subject: undefined, before: undefined, limit: 50 }),
      await port.list({ subject: { kind: 'order', id: 'none' }, before: 7, limit: 50 }),
    ],
  },
  sealStart: { get: (port) => port.get(), put: (port) => port.put({ since: NOW, seal: 'seal' }) },
};
