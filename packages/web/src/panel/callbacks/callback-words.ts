import type { Reader } from '../../i18n/languages.ts';
import type { Phrase } from '../../i18n/phrase.ts';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import type { CallbackText } from './texts/en.ts';
import { callbackTexts } from './texts/index.ts';

export interface CallbackWords extends PanelWords<CallbackText> {
  /** An event in words, with its name in the API: `Paid (payment.completed)`. */
  readonly event: (name: string) => Phrase;
}

/** What each event means, for merchants who do not know its name. */
export const EVENT_TEXTS: Readonly<Record<string, CallbackText>> = {
  'payment.completed': 'ev_completed',
  'payment.overpaid': 'ev_overpaid',
  'payment.cancelled': 'ev_cancelled',
  'payment.expired': 'ev_expired',
  'payment.dispute.start': 'ev_dispute_start',
  'payment.dispute.end': 'ev_dispute_end',
  'payment.chargeback': 'ev_chargeback',
  'payment.transaction.changed': 'ev_transaction_changed',
  'payment.refund.paid': 'ev_refund_paid',
  'payment.refund.reverted': 'ev_refund_reverted',
};

export function callbackWords(reader: Reader): CallbackWords {
  const words = panelWords(reader, callbackTexts);
  const [open, close] = reader.language.brackets;
  return {
    ...words,
    event: (name) => {
      const meaning = EVENT_TEXTS[name];
      return meaning === undefined ? [{ value: name }] : [words.text(meaning), open, { value: name }, close];
    },
  };
}
