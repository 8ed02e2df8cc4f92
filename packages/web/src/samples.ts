/** One checkout view for each state that a buyer can meet: for tests, and for eyes. */
import type { BlockchainStatus } from '@webpos/sdk/wire';

import type { CheckoutView } from './view.ts';

const WAITING: CheckoutView = {
  uuid: '2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11',
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
  missingUri: 'bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080?amount=0.00016667&label=Corner%20Caf%C3%A9',
  confirmations: 0,
  requiredConfirmations: 3,
  expiresAt: '2026-11-23T18:15:00.000Z',
  expiresInS: 872,
  backUrl: null,
  sandbox: null,
};

const SEEN: CheckoutView = { ...WAITING, missingBtc: '0', blockchainStatus: 'mempool_unconfirmed' };
const SHOP = 'https://shop.example/thanks?payment_id=2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11';

export const SAMPLES: Readonly<Record<BlockchainStatus | 'sandbox', CheckoutView>> = {
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
  partial: {
    ...WAITING,
    blockchainStatus: 'partial',
    missingBtc: '0.00006667',
    missingUri: 'bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080?amount=0.00006667',
  },
  mempool_unconfirmed: SEEN,
  unconfirmed: { ...SEEN, blockchainStatus: 'unconfirmed', confirmations: 1 },
  paid: { ...SEEN, status: 'paid', blockchainStatus: 'paid', confirmations: 3, backUrl: SHOP },
  expired: { ...WAITING, status: 'expired', blockchainStatus: 'expired', expiresInS: 0, backUrl: SHOP },
  cancelled: { ...WAITING, status: 'cancelled', blockchainStatus: 'cancelled', backUrl: SHOP },
  network_dispute: { ...SEEN, status: 'network_dispute', blockchainStatus: 'network_dispute', confirmations: 2 },
  mempool_network_dispute: { ...SEEN, status: 'network_dispute', blockchainStatus: 'mempool_network_dispute' },
  possible_chargeback: { ...SEEN, status: 'network_dispute', blockchainStatus: 'possible_chargeback' },
  chargeback: { ...SEEN, status: 'chargeback', blockchainStatus: 'chargeback' },
};
