/** The uses of the port of payment links; see `store-uses.ts`. */
import { epochMs } from '../../src/kernel/clock.ts';
import type { LinkId, OrderId, PosId } from '../../src/kernel/ids.ts';
import type { PaymentLink } from '../../src/links/payment-link.ts';
import { parseCurrency } from '../../src/orders/currency.ts';
import type { LinkStore } from '../../src/store/ports/links/link-store.ts';

const NOW = epochMs(Date.UTC(2030, 0, 1));
const ORDER = '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e60' as OrderId;
const LINK: PaymentLink = {
  id: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e61' as LinkId,
  posId: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e62' as PosId,
  name: 'coffee',
  title: 'Coffee',
  description: null,
  currency: parseCurrency('EUR'),
  price: { kind: 'open', min: null, max: null },
  quantity: 5,
  expiresAt: null,
  takesNote: false,
  active: true,
  createdAt: NOW,
};

export const LINK_USES: { readonly [Method in keyof LinkStore]: (port: LinkStore) => Promise<unknown> } = {
  insert: (port) => port.insert(LINK),
  update: (port) => port.update(LINK),
  get: (port) => port.get(LINK.id),
  byName: (port) => port.byName(LINK.name),
  lock: (port) => port.lock(LINK.id),
  list: async (port) => [
    await port.list({ posIds: undefined, before: undefined, limit: 26 }),
    await port.list({ posIds: [LINK.posId], before: LINK.id, limit: 26 }),
  ],
  places: (port) => port.places([LINK.id]),
  takePlace: (port) => port.takePlace({ linkId: LINK.id, key: 'key', orderId: null, takenAt: NOW }),
  place: (port) => port.place(LINK.id, 'key'),
  unsettledPlaces: (port) => port.unsettledPlaces(LINK.id, 500),
  setOrder: (port) => port.setOrder(LINK.id, 'key', ORDER),
  deletePlaces: (port) => port.deletePlaces(LINK.id, ['key']),
  settlePlaces: (port) => port.settlePlaces(LINK.id, ['key'], 1),
  orders: async (port) => [
    await port.orders(LINK.id, { before: undefined, limit: 26 }),
    await port.orders(LINK.id, { before: ORDER, limit: 26 }),
  ],
};
