/** A payment link as JSON, for the commands, the panel's API and the audit log. */
import { isoDate } from '../../kernel/clock.ts';
import type { LinkPlaces } from '../../links/availability.ts';
import { linkPath, type PaymentLink } from '../../links/payment-link.ts';
import type { LinkInput } from '../../links/read-terms.ts';
import { formatFiatAmount, type FiatAmount } from '../../orders/fiat.ts';

export interface LinkTermsJson {
  readonly title: string;
  readonly description: string | null;
  readonly currency: string;
  /** The fixed amount; null if the buyer enters it. */
  readonly amount: string | null;
  readonly min_amount: string | null;
  readonly max_amount: string | null;
  readonly quantity: number | null;
  readonly expires_at: string | null;
  readonly takes_note: boolean;
  readonly active: boolean;
}

export interface LinkJson extends LinkTermsJson {
  readonly uuid: string;
  readonly pos: string;
  readonly name: string;
  readonly url: string;
  /** Orders that were paid. */
  readonly paid: number;
  /** Orders that wait for their payment or for its confirmations. */
  readonly open: number;
  readonly created_at: string;
}

export function linkJson(link: PaymentLink, publicUrl: string, { paid, open }: LinkPlaces = { paid: 0, open: 0 }): LinkJson {
  return {
    uuid: link.id,
    pos: link.posId,
    name: link.name,
    url: publicUrl + linkPath(link),
    ...linkTermsJson(link),
    paid,
    open,
    created_at: isoDate(link.createdAt),
  };
}

export function linkTermsJson({ price, ...link }: PaymentLink): LinkTermsJson {
  return {
    title: link.title,
    description: link.description,
    currency: link.currency,
    amount: price.kind === 'fixed' ? formatFiatAmount(price.amount) : null,
    min_amount: price.kind === 'open' ? formatted(price.min) : null,
    max_amount: price.kind === 'open' ? formatted(price.max) : null,
    quantity: link.quantity,
    expires_at: link.expiresAt === null ? null : isoDate(link.expiresAt),
    takes_note: link.takesNote,
    active: link.active,
  };
}

/** The terms of a link as they would be entered, for a change that leaves some out. */
export function currentInput(link: PaymentLink): LinkInput {
  const json = linkTermsJson(link);
  return {
    title: json.title,
    description: json.description ?? '',
    amount: json.amount ?? '',
    min_amount: json.min_amount ?? '',
    max_amount: json.max_amount ?? '',
    quantity: json.quantity === null ? '' : String(json.quantity),
    expires_at: json.expires_at ?? '',
    takes_note: json.takes_note,
  };
}

function formatted(amount: FiatAmount | null): string | null {
  return amount === null ? null : formatFiatAmount(amount);
}
