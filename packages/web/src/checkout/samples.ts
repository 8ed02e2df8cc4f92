/** One checkout view for each state that a buyer can meet: for tests, and for eyes. */
import type { StateKey } from './state.ts';
import type { CheckoutView } from './view.ts';

const WAITING: CheckoutView = {
  uuid: '2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11',
  basePath: '',
  version: '1',
  merchantName: 'Corner Café',
  details: 'Two flat whites and a slice of almond cake',
  reference: 'Table 4, 1041',
  amountBtc: '0.00016667',
  amountFiat: '10.00',
  currency: 'EUR',
  address: 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080',
  uri: 'bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080?amount=0.00016667&label=Corner%20Caf%C3%A9',
  status: 'pending',
  blockchainStatus: 'pending',
  missingBtc: '0.00016667',
  missingFiat: '10.00',
  missingUri: 'bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080?amount=0.00016667&label=Corner%20Caf%C3%A9',
  receivedBtc: '0',
  surplusBtc: null,
  late: false,
  replaced: false,
  covered: false,
  rate: { value: '60000.00', source: 'kraken', at: '2026-11-23T17:59:30.000Z' },
  paidAt: null,
  payments: [],
  confirmations: 0,
  requiredConfirmations: 3,
  expiresAt: '2026-11-23T18:15:00.000Z',
  expiresInS: 872,
  backUrl: null,
  asksToLeave: false,
  isFramed: false,
  look: { accent: null, logoUrl: null, support: 'help@cafe.example', origins: [] },
  sandbox: null,
};

const SHOP = 'https://shop.example/thanks?payment_id=2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11';

const SEEN: CheckoutView = {
  ...WAITING,
  missingBtc: '0',
  missingFiat: '0.00',
  receivedBtc: '0.00016667',
  covered: true,
  backUrl: SHOP,
  blockchainStatus: 'mempool_unconfirmed',
};
const REST: Partial<CheckoutView> = {
  missingBtc: '0.00006667',
  missingFiat: '4.00',
  receivedBtc: '0.0001',
  missingUri: 'bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080?amount=0.00006667',
};

const PAID: CheckoutView = {
  ...SEEN,
  status: 'paid',
  blockchainStatus: 'paid',
  confirmations: 3,
  paidAt: '2026-11-23T18:31:00.000Z',
  payments: [{ txid: 'f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16', amountBtc: '0.00016667' }],
};
const EXPIRED: CheckoutView = { ...WAITING, status: 'expired', blockchainStatus: 'expired', expiresInS: 0, backUrl: SHOP };

export const SAMPLES: Readonly<Record<StateKey | 'sandbox', CheckoutView>> = {
  pending: WAITING,
  sandbox: {
    ...WAITING,
    sandbox: {
      payUrl: '/checkout/2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11/sandbox/pay',
      url: '/checkout/2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11/sandbox',
      actions: ['send', 'send-more', 'mine', 'reset'],
      events: ['payment.completed', 'payment.overpaid', 'payment.cancelled', 'payment.expired'],
      part: { least: '546', most: '16666', half: '8333' },
      open: true,
      note: null,
    },
  },
  closing: { ...WAITING, expiresInS: 0 },
  partial: { ...WAITING, ...REST, blockchainStatus: 'partial' },
  replaced: { ...WAITING, ...REST, blockchainStatus: 'partial', replaced: true },
  mempool_unconfirmed: SEEN,
  unconfirmed: { ...SEEN, blockchainStatus: 'unconfirmed', confirmations: 1 },
  paid: PAID,
  overpaid: { ...PAID, receivedBtc: '0.0002', surplusBtc: '0.00003333' },
  expired: EXPIRED,
  unsettled: { ...EXPIRED, covered: true },
  late: { ...EXPIRED, late: true, receivedBtc: '0.00016667' },
  cancelled: { ...WAITING, status: 'cancelled', blockchainStatus: 'cancelled', backUrl: SHOP },
  network_dispute: { ...SEEN, status: 'network_dispute', blockchainStatus: 'network_dispute', confirmations: 2 },
  mempool_network_dispute: { ...SEEN, status: 'network_dispute', blockchainStatus: 'mempool_network_dispute' },
  possible_chargeback: { ...SEEN, status: 'network_dispute', blockchainStatus: 'possible_chargeback' },
  chargeback: { ...SEEN, status: 'chargeback', blockchainStatus: 'chargeback' },
};
