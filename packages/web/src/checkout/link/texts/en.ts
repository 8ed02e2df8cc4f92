/** The texts of the page of a payment link, beside those of the checkout page. */
export const en = {
  amount_in: 'Amount in {currency}',
  between: 'From {min} to {max}',
  at_least: 'At least {min}',
  at_most: 'At most {max}',
  amount_invalid: 'Please enter an amount such as {example}.',
  amount_below: 'Please enter at least {limit}.',
  amount_above: 'Please enter at most {limit}.',
  amount_unpayable: 'This amount cannot be paid with bitcoin. Please enter another one.',
  note: 'Note for the shop (optional)',
  note_too_long: 'Please enter at most {max} characters.',
  pay: 'Pay with bitcoin',
  pay_more: 'Next, you see the amount in bitcoin and a code for your wallet.',
  failed: 'That is not possible right now. Please try again in a few minutes.',
  sold_out: 'Sold out',
  sold_out_more:
    'All places have been taken. A payment that is not completed in time gives its place back, so you may try again later.',
  expired: 'This link has expired',
  expired_more: 'It can no longer be paid. If you still want to pay, contact the shop.',
  disabled: 'This link is closed',
  disabled_more: 'The shop does not take payments with it at present. If you have questions, contact the shop.',
  unknown: 'Link not found',
  unknown_more: 'Nothing exists at this address. Check that it is complete, or ask the shop for it again.',
  busy: 'Too many payments at once',
  busy_more: 'Several people are paying right now. Please try again in a few minutes; nothing has been paid.',
  again: 'Try again',
} as const;

export type LinkText = keyof typeof en;
