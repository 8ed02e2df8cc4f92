/** What a page in a frame knows of the page around it, for `assets/framed.js`. */
import type { Wording } from './i18n/wording.ts';
import type { CheckoutView } from './view.ts';

export interface Frame {
  paymentId: string;
  /** Who is told where the order stands, and nobody else. */
  origins: readonly string[];
  /** What the shop's page says around the frame, in the buyer's language. */
  words: Readonly<Record<'title' | 'close' | 'question' | 'explanation' | 'stay' | 'leave' | 'lang' | 'dir', string>>;
}

/** Null when the page is not in a frame. */
export function frameOf(view: CheckoutView, { text, language }: Wording): Frame | null {
  if (!view.isFramed) return null;
  return {
    paymentId: view.uuid,
    origins: view.look.origins,
    words: {
      title: text('pay_title', { merchant: view.merchantName }),
      close: text('close'),
      question: text('close_question'),
      explanation: text('close_more'),
      stay: text('close_no'),
      leave: text('close_yes'),
      lang: language.tag,
      dir: language.direction,
    },
  };
}
