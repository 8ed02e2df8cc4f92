/** The fields of a form of the panel as the input of a link. */
import { numbersOf, type Reader } from '@webpos/web';
import type { LinkInput } from '../../../links/read-terms.ts';
import { readTypedAmount } from '../../../links/typed-amount.ts';
import type { Fields } from '../panel-router.ts';

/** Amounts are written as in the reader's region. */
export function inputOf(fields: Fields, reader: Reader): LinkInput {
  const { decimal } = numbersOf(reader.locale);
  // An unreadable amount is passed on as it is, so that it is refused.
  const amount = (text = ''): string => (text.trim() === '' ? '' : (readTypedAmount(text, decimal) ?? text));
  return {
    title: fields['title'],
    description: fields['description'],
    amount: amount(fields['amount']),
    min_amount: amount(fields['min_amount']),
    max_amount: amount(fields['max_amount']),
    quantity: fields['quantity'],
    expires_at: fields['expires_at'],
    takes_note: fields['takes_note'] === '1',
  };
}
