/**
 * The words and the look of each stage. Three phases decide what the page offers: `pay` shows the code, `wait` asks for nothing but
 * patience, `end` is over and leads back to the shop.
 */
import type { MessageKey } from '../i18n/en.ts';
import type { Phrase } from '../i18n/phrase.ts';
import type { Wording } from '../i18n/wording.ts';
import type { IconName } from '../page/icon.tsx';
import type { BuyerStage, CheckoutView } from './view.ts';

/** `quiet` asks for nothing, `heed` for a little attention, `bad` for all of it. */
export type Tone = 'quiet' | 'heed' | 'working' | 'good' | 'bad';

export interface CheckoutState {
  stage: BuyerStage;
  phase: 'pay' | 'wait' | 'end';
  tone: Tone;
  icon: IconName;
  headline: Phrase;
  explanation: readonly Phrase[];
}

export function checkoutState(view: CheckoutView, wording: Wording): CheckoutState {
  const { stage } = view;
  const look = LOOKS[stage];
  return {
    stage,
    ...look,
    phase: stage === 'lost' && view.choices.paysAgain ? 'pay' : look.phase,
    headline: stage === 'confirming' ? wording.confirmations(view) : [wording.text(HEADLINES[stage])],
    explanation: explanationOf(view, wording),
  };
}

const LOOKS: Readonly<Record<BuyerStage, Pick<CheckoutState, 'phase' | 'tone' | 'icon'>>> = {
  pending: { phase: 'pay', tone: 'quiet', icon: 'dots' },
  closing: { phase: 'wait', tone: 'working', icon: 'search' },
  partial: { phase: 'pay', tone: 'heed', icon: 'half' },
  lost: { phase: 'wait', tone: 'heed', icon: 'search' },
  seen: { phase: 'wait', tone: 'working', icon: 'check' },
  confirming: { phase: 'wait', tone: 'working', icon: 'blocks' },
  paid: { phase: 'end', tone: 'good', icon: 'check' },
  overpaid: { phase: 'end', tone: 'good', icon: 'check' },
  expired: { phase: 'end', tone: 'heed', icon: 'clock' },
  short: { phase: 'end', tone: 'heed', icon: 'half' },
  unsettled: { phase: 'end', tone: 'bad', icon: 'clock' },
  cancelled: { phase: 'end', tone: 'quiet', icon: 'cross' },
  late: { phase: 'end', tone: 'heed', icon: 'clock' },
  dispute: { phase: 'wait', tone: 'working', icon: 'again' },
  'dispute-waiting': { phase: 'wait', tone: 'working', icon: 'again' },
  disputed: { phase: 'wait', tone: 'bad', icon: 'alert' },
  chargeback: { phase: 'end', tone: 'bad', icon: 'alert' },
};

const HEADLINES: Readonly<Record<Exclude<BuyerStage, 'confirming'>, MessageKey>> = {
  pending: 'waiting',
  closing: 'closing',
  partial: 'partial',
  lost: 'lost',
  seen: 'seen',
  paid: 'paid',
  overpaid: 'overpaid',
  expired: 'expired',
  short: 'short',
  unsettled: 'unsettled',
  cancelled: 'cancelled',
  late: 'late',
  dispute: 'dispute',
  'dispute-waiting': 'dispute_waiting',
  disputed: 'disputed',
  chargeback: 'chargeback',
};

function explanationOf(view: CheckoutView, wording: Wording): readonly Phrase[] {
  const { text, phrase, bitcoin } = wording;
  const say = (key: MessageKey): Phrase => [text(key)];
  switch (view.stage) {
    case 'pending':
      return [say('waiting_more')];
    case 'closing':
      return [say('closing_more')];
    case 'partial':
      return [phrase('partial_more', { received: bitcoin(view.receivedBtc), missing: bitcoin(view.missingBtc) })];
    case 'lost':
      return [phrase('lost_more', { missing: bitcoin(view.missingBtc) })];
    case 'seen':
      return [say('seen_more'), ...whatNext(view, wording)];
    case 'confirming':
      return [say('confirming_more'), ...whatNext(view, wording)];
    case 'paid':
    case 'overpaid':
      return [phrase('paid_more', { merchant: view.merchantName }), ...surplus(view, wording)];
    case 'expired':
      return [say('code_over'), say(view.mayRetry ? 'try_again_more' : 'already_sent')];
    case 'cancelled':
      return Number(view.receivedBtc) > 0 ? [closedPart(view, wording)] : [say('code_over'), say('already_sent')];
    case 'short':
      return [closedPart(view, wording)];
    case 'unsettled':
      return [say('unsettled_more')];
    case 'late':
      return [phrase('late_more', { received: bitcoin(view.receivedLateBtc) })];
    case 'dispute':
      return [phrase('dispute_more', { confirmations: wording.confirmations(view) }), say('nothing_to_do')];
    case 'dispute-waiting':
      return [say('dispute_waiting_more'), say('nothing_to_do')];
    case 'disputed':
      return [say('disputed_more')];
    case 'chargeback':
      return [say('chargeback_more')];
  }
}

/** Either there is a surplus to talk about, or nothing to do but to go back to the shop. */
function whatNext(view: CheckoutView, wording: Wording): readonly Phrase[] {
  if (view.surplusBtc !== null) return surplus(view, wording);
  return [[wording.text(view.backUrl === null ? 'nothing_to_do' : 'seen_back')]];
}

/** Nothing any more once a refund was requested: its own section says what becomes of it. */
function surplus({ surplusBtc, refunds }: CheckoutView, { phrase, bitcoin }: Wording): readonly Phrase[] {
  return surplusBtc === null || refunds.length > 0 ? [] : [phrase('surplus', { surplus: bitcoin(surplusBtc) })];
}

function closedPart({ receivedBtc }: CheckoutView, { phrase, bitcoin }: Wording): Phrase {
  return phrase('closed_part', { received: bitcoin(receivedBtc) });
}
