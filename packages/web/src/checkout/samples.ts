/** A checkout view for each stage that a buyer can meet: for tests, and for eyes. */
import type { BuyerStage, CheckoutView } from './view.ts';

const WAITING: CheckoutView = {
  uuid: '2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11',
  basePath: '',
  release: 'a release',
  version: '1',
  merchantName: 'Corner Café',
  details: 'Two flat whites and a slice of almond cake',
  reference: 'Table 4, 1041',
  amountBtc: '0.00016667',
  amountFiat: '10.00',
  currency: 'EUR',
  address: 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080',
  uri: 'bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080?amount=0.00016667&label=Corner%20Caf%C3%A9',
  stage: 'pending',
  status: 'pending',
  blockchainStatus: 'pending',
  missingBtc: '0.00016667',
  missingFiat: '10.00',
  missingUri: 'bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080?amount=0.00016667&label=Corner%20Caf%C3%A9',
  receivedBtc: '0',
  receivedLateBtc: '0',
  surplusBtc: null,
  owedBtc: null,
  refundAddress: null,
  refunds: [],
  mayRetry: false,
  rate: { value: '60000.00', source: 'kraken', at: '2026-11-23T17:59:30.000Z' },
  paidAt: null,
  payments: [],
  isSlow: false,
  confirmations: 0,
  requiredConfirmations: 3,
  expiresInS: 872,
  isTimed: true,
  follows: 'order',
  backUrl: null,
  asksToLeave: false,
  note: null,
  choices: { unit: 'btc', paysAgain: false, stays: false },
  isFramed: false,
  look: { accent: null, logoUrl: null, support: 'help@cafe.example', origins: [] },
  sandbox: null,
};

const SHOP = 'https://shop.example/thanks?payment_id=2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11';
const TXID = 'f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16';

const PART: CheckoutView = {
  ...WAITING,
  stage: 'partial',
  blockchainStatus: 'partial',
  missingBtc: '0.00006667',
  missingFiat: '4.00',
  receivedBtc: '0.0001',
  missingUri: 'bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080?amount=0.00006667',
  payments: [{ txid: TXID, amountBtc: '0.0001' }],
};
const SEEN: CheckoutView = {
  ...WAITING,
  stage: 'seen',
  blockchainStatus: 'mempool_unconfirmed',
  missingBtc: '0',
  missingFiat: '0.00',
  receivedBtc: '0.00016667',
  payments: [{ txid: TXID, amountBtc: '0.00016667' }],
  isTimed: false,
  backUrl: SHOP,
};
const PAID: CheckoutView = {
  ...SEEN,
  stage: 'paid',
  status: 'paid',
  blockchainStatus: 'paid',
  confirmations: 3,
  paidAt: '2026-11-23T18:31:00.000Z',
  follows: null,
};
const EXPIRED: CheckoutView = {
  ...WAITING,
  stage: 'expired',
  status: 'expired',
  blockchainStatus: 'expired',
  expiresInS: 0,
  isTimed: false,
  backUrl: SHOP,
};
const DISPUTED: CheckoutView = { ...SEEN, status: 'network_dispute' };

export const SAMPLES: Readonly<Record<BuyerStage, CheckoutView>> = {
  pending: WAITING,
  closing: { ...WAITING, stage: 'closing', expiresInS: 0 },
  partial: PART,
  lost: { ...PART, stage: 'lost' },
  seen: SEEN,
  confirming: { ...SEEN, stage: 'confirming', blockchainStatus: 'unconfirmed', confirmations: 1 },
  paid: PAID,
  overpaid: { ...PAID, stage: 'overpaid', receivedBtc: '0.0002', surplusBtc: '0.00003333', owedBtc: '0.00003333' },
  expired: EXPIRED,
  short: { ...EXPIRED, stage: 'short', receivedBtc: '0.0001', owedBtc: '0.0001', payments: PART.payments },
  unsettled: { ...EXPIRED, stage: 'unsettled', receivedBtc: '0.00016667', payments: SEEN.payments },
  late: {
    ...EXPIRED,
    stage: 'late',
    receivedBtc: '0.00016667',
    receivedLateBtc: '0.00016667',
    owedBtc: '0.00016667',
    payments: SEEN.payments,
  },
  cancelled: { ...EXPIRED, stage: 'cancelled', status: 'cancelled', blockchainStatus: 'cancelled' },
  dispute: { ...DISPUTED, stage: 'dispute', blockchainStatus: 'network_dispute', confirmations: 2 },
  'dispute-waiting': { ...DISPUTED, stage: 'dispute-waiting', blockchainStatus: 'mempool_network_dispute' },
  disputed: { ...DISPUTED, stage: 'disputed', blockchainStatus: 'possible_chargeback', payments: [] },
  chargeback: {
    ...SEEN,
    stage: 'chargeback',
    status: 'chargeback',
    blockchainStatus: 'chargeback',
    receivedBtc: '0',
    payments: [],
    follows: null,
  },
};

export type VariantName =
  | 'lost-again'
  | 'expired-retry'
  | 'seen-surplus'
  | 'seen-slow'
  | 'cancelled-part'
  | 'refund-asked'
  | 'refund-followed'
  | 'refund-invalid'
  | 'sandbox';

/** The same stages with more to them: what a POS, a buyer or the sandbox adds. */
export const VARIANTS: Readonly<Record<VariantName, CheckoutView>> = {
  'lost-again': { ...SAMPLES.lost, choices: { ...WAITING.choices, paysAgain: true } },
  'expired-retry': { ...EXPIRED, mayRetry: true },
  'seen-surplus': { ...SEEN, receivedBtc: '0.0002', surplusBtc: '0.00003333', owedBtc: '0.00003333' },
  'seen-slow': { ...SEEN, backUrl: null, isSlow: true },
  'cancelled-part': { ...SAMPLES.cancelled, receivedBtc: '0.0001', owedBtc: '0.0001', payments: PART.payments },
  'refund-asked': { ...SAMPLES.late, refundAddress: 'bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx' },
  'refund-followed': {
    ...SAMPLES.overpaid,
    owedBtc: null,
    refunds: (['requested', 'approved', 'sent', 'paid', 'declined'] as const).map((status, at) => ({
      status,
      address: 'bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx',
      amountBtc: status === 'requested' || status === 'declined' ? null : '0.00003333',
      txid: status === 'sent' || status === 'paid' ? TXID : null,
      confirmations: at - 1,
      requiredConfirmations: 2,
    })),
  },
  'refund-invalid': { ...SAMPLES.late, note: 'refund_invalid' },
  sandbox: {
    ...WAITING,
    sandbox: {
      payUrl: '/checkout/2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11/sandbox/pay',
      url: '/checkout/2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11/sandbox',
      actions: ['send', 'send-more', 'mine', 'reset'],
      events: ['payment.completed', 'payment.overpaid', 'payment.cancelled', 'payment.expired'],
      part: { min: '546', max: '16666', half: '8333' },
      open: true,
      note: null,
    },
  },
};
