import type { Wording } from '../i18n/wording.ts';
import type { Frame } from '../page/frame.ts';
import type { CheckoutView } from './view.ts';

/** What the page knows of the page around it; null if it is not in a frame. */
export function frameOf(view: CheckoutView, { text, phrase, plain, language }: Wording): Frame | null {
  if (!view.isFramed) return null;
  return {
    paymentId: view.uuid,
    origins: view.look.origins,
    words: {
      title: plain(phrase('pay_title', { merchant: view.merchantName })),
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
