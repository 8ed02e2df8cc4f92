/** The options that set the terms of a payment link. */
import type { OptionHelp } from '@webpos/listen/help';
import type { LinkInput } from '../../links/read-terms.ts';
import type { Options } from '../support/options.ts';

export type LinkTermsOption = 'title' | 'description' | 'amount' | 'min-amount' | 'max-amount' | 'quantity' | 'expires' | 'note';

export const LINK_TERMS_OPTIONS: Readonly<Record<LinkTermsOption, OptionHelp>> = {
  title: { value: 'TEXT', text: 'heading of its page', allowed: 'up to 100 characters' },
  description: {
    value: 'TEXT',
    text: 'text below the heading',
    allowed: 'up to 1000 characters; empty for none',
    default: 'none',
  },
  amount: {
    value: 'DECIMAL',
    text: 'fixed amount in the currency of the POS',
    allowed: 'a decimal above 0; empty if the buyer enters the amount',
    default: 'the buyer enters the amount',
  },
  'min-amount': {
    value: 'DECIMAL',
    text: 'lowest amount that the buyer may enter',
    allowed: 'a decimal above 0; empty for none',
    default: 'none',
  },
  'max-amount': {
    value: 'DECIMAL',
    text: 'highest amount that the buyer may enter',
    allowed: 'a decimal above 0; empty for none',
    default: 'none',
  },
  quantity: { value: 'N', text: 'how often it may be paid', allowed: '1 to 1000000; empty for no limit', default: 'no limit' },
  expires: {
    value: 'TIME',
    text: 'when it can no longer be paid',
    allowed: 'a time such as 2026-12-24T18:00:00Z; empty for never',
    default: 'never',
  },
  note: { value: 'yes|no', text: 'whether the buyer may leave a note', allowed: 'yes or no', default: 'no' },
};

/** Reads the terms. What is not given keeps its current value. */
export function readLinkOptions(options: Options<LinkTermsOption>, current: LinkInput = {}): LinkInput {
  const note = options.oneOf('note', ['yes', 'no']);
  return {
    title: options.optional('title') ?? current.title,
    description: options.optional('description') ?? current.description,
    amount: options.optional('amount') ?? current.amount,
    min_amount: options.optional('min-amount') ?? current.min_amount,
    max_amount: options.optional('max-amount') ?? current.max_amount,
    quantity: options.optional('quantity') ?? current.quantity,
    expires_at: options.optional('expires') ?? current.expires_at,
    takes_note: note === undefined ? current.takes_note : note === 'yes',
  };
}
