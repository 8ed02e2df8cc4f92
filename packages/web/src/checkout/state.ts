/**
 * What the buyer is told about an order, and what the page then offers: `pay` shows the code, `wait` asks for
 * nothing but patience, `end` is over and leads back to the shop.
 *
 * What the chain says is the finer of the two statuses, so it picks the words; an order that is over keeps the words
 * of its end, whatever still moves on the chain. Nobody reads that an order has expired whose whole amount was seen.
 */
import type { IconName } from '../page/icon.tsx';
import type { Wording } from '../i18n/wording.ts';
import type { CheckoutView } from './view.ts';

export type StateKey =
  | 'pending'
  /** The time is up, and it is not yet known whether a payment came before. */
  | 'closing'
  | 'partial'
  | 'replaced'
  | 'mempool_unconfirmed'
  | 'unconfirmed'
  | 'paid'
  | 'overpaid'
  | 'expired'
  /** Seen in time, but never confirmed. */
  | 'unsettled'
  | 'cancelled'
  | 'late'
  | 'network_dispute'
  | 'mempool_network_dispute'
  | 'possible_chargeback'
  | 'chargeback';

/** `quiet` asks for nothing, `heed` for a little attention, `bad` for all of it. */
export type Tone = 'quiet' | 'heed' | 'working' | 'good' | 'bad';

export interface CheckoutState {
  key: StateKey;
  phase: 'pay' | 'wait' | 'end';
  tone: Tone;
  icon: IconName;
  headline: string;
  explanation: string;
}

export function checkoutState(view: CheckoutView, wording: Wording): CheckoutState {
  const key = stateKey(view);
  return { key, ...LOOKS[key], ...words(key, view, wording) };
}

function stateKey(view: CheckoutView): StateKey {
  const { status, blockchainStatus } = view;
  switch (status) {
    case 'pending':
      // What is covered has its settlement timeout still before it.
      if (blockchainStatus === 'pending' || blockchainStatus === 'partial') {
        if (view.expiresInS <= 0 && !view.covered) return 'closing';
        return view.replaced ? 'replaced' : blockchainStatus;
      }
      return blockchainStatus;
    case 'network_dispute':
      return blockchainStatus;
    case 'paid':
      return view.surplusBtc === null ? 'paid' : 'overpaid';
    case 'expired':
      if (view.covered) return 'unsettled';
      return view.late ? 'late' : 'expired';
    case 'cancelled':
      return view.late ? 'late' : 'cancelled';
    case 'chargeback':
      return 'chargeback';
  }
}

const LOOKS: Readonly<Record<StateKey, Pick<CheckoutState, 'phase' | 'tone' | 'icon'>>> = {
  pending: { phase: 'pay', tone: 'quiet', icon: 'dots' },
  closing: { phase: 'wait', tone: 'working', icon: 'search' },
  partial: { phase: 'pay', tone: 'heed', icon: 'half' },
  replaced: { phase: 'pay', tone: 'bad', icon: 'again' },
  mempool_unconfirmed: { phase: 'wait', tone: 'working', icon: 'check' },
  unconfirmed: { phase: 'wait', tone: 'working', icon: 'blocks' },
  paid: { phase: 'end', tone: 'good', icon: 'check' },
  overpaid: { phase: 'end', tone: 'good', icon: 'check' },
  expired: { phase: 'end', tone: 'heed', icon: 'clock' },
  unsettled: { phase: 'end', tone: 'bad', icon: 'clock' },
  cancelled: { phase: 'end', tone: 'quiet', icon: 'cross' },
  late: { phase: 'end', tone: 'heed', icon: 'clock' },
  network_dispute: { phase: 'wait', tone: 'working', icon: 'again' },
  mempool_network_dispute: { phase: 'wait', tone: 'working', icon: 'again' },
  possible_chargeback: { phase: 'wait', tone: 'bad', icon: 'alert' },
  chargeback: { phase: 'end', tone: 'bad', icon: 'alert' },
};

function words(key: StateKey, view: CheckoutView, wording: Wording): Pick<CheckoutState, 'headline' | 'explanation'> {
  const { text, btc } = wording;
  const confirmations = wording.confirmations(view);
  const values = {
    merchant: view.merchantName,
    received: btc(view.receivedBtc),
    missing: btc(view.missingBtc),
    surplus: btc(view.surplusBtc ?? '0'),
    confirmations,
    nothing_to_do: text('nothing_to_do'),
    already_sent: text('already_sent'),
  };
  const say = ([headline, explanation]: readonly [MessageKey, MessageKey]): ReturnType<typeof words> => ({
    headline: text(headline, values),
    explanation: text(explanation, values),
  });
  switch (key) {
    case 'unconfirmed':
      return { headline: confirmations, explanation: joined(text('confirming_more', values), surplus(view, wording)) };
    case 'mempool_unconfirmed':
    case 'overpaid': {
      const { headline, explanation } = say(WORDS[key]);
      return { headline, explanation: joined(explanation, surplus(view, wording)) };
    }
    case 'expired':
    case 'cancelled':
      return Number(view.receivedBtc) > 0 ? say([key, 'closed_part']) : say(WORDS[key]);
    case 'pending':
    case 'closing':
    case 'partial':
    case 'replaced':
    case 'paid':
    case 'unsettled':
    case 'late':
    case 'network_dispute':
    case 'mempool_network_dispute':
    case 'possible_chargeback':
    case 'chargeback':
      return say(WORDS[key]);
  }
}

const WORDS = {
  pending: ['waiting', 'waiting_more'],
  closing: ['closing', 'closing_more'],
  partial: ['partial', 'partial_more'],
  replaced: ['replaced', 'replaced_more'],
  mempool_unconfirmed: ['seen', 'seen_more'],
  paid: ['paid', 'paid_more'],
  overpaid: ['overpaid', 'paid_more'],
  expired: ['expired', 'expired_more'],
  unsettled: ['unsettled', 'unsettled_more'],
  cancelled: ['cancelled', 'cancelled_more'],
  late: ['late', 'late_more'],
  network_dispute: ['dispute', 'dispute_more'],
  mempool_network_dispute: ['dispute_waiting', 'dispute_waiting_more'],
  possible_chargeback: ['disputed', 'disputed_more'],
  chargeback: ['chargeback', 'chargeback_more'],
} as const satisfies Partial<Record<StateKey, readonly [MessageKey, MessageKey]>>;

type MessageKey = Parameters<Wording['text']>[0];

function surplus({ surplusBtc }: CheckoutView, { text, btc }: Wording): string | null {
  return surplusBtc === null ? null : text('surplus', { surplus: btc(surplusBtc) });
}

function joined(...sentences: readonly (string | null)[]): string {
  return sentences.filter((sentence) => sentence !== null).join(' ');
}
