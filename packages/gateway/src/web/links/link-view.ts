/** The data of the public pages of payment links. */
import type { LinkPageFrame, LinkPageView } from '@webpos/web';
import { basePathOf } from '../../kernel/base-path.ts';
import { linkPath, type PaymentLink } from '../../links/payment-link.ts';
import { MAX_NOTE_CHARACTERS } from '../../links/read-note.ts';
import type { Pos } from '../../merchants/pos.ts';
import { formatFiatAmount, type FiatAmount } from '../../orders/fiat.ts';
import { logoPath } from '../checkout/logo-routes.ts';

export interface LinkViewOptions extends Pick<LinkPageView, 'token' | 'typed' | 'fault' | 'isSandbox'> {
  readonly publicUrl: string;
}

export function linkView(link: PaymentLink, pos: Pos, { publicUrl, ...form }: LinkViewOptions): LinkPageView {
  return {
    ...linkFrame(pos, publicUrl, link.name),
    name: link.name,
    title: link.title,
    description: link.description,
    currency: link.currency,
    price: priceOf(link),
    takesNote: link.takesNote,
    maxNoteCharacters: MAX_NOTE_CHARACTERS,
    ...form,
  };
}

/** @param pos Undefined where no link is known: the page then looks like that of any gateway. */
export function linkFrame(pos: Pick<Pos, 'name' | 'look'> | undefined, publicUrl: string, name: string): LinkPageFrame {
  const basePath = basePathOf(publicUrl);
  const logo = pos?.look.logo ?? null;
  return {
    basePath,
    path: linkPath({ name: encodeURIComponent(name) }),
    merchantName: pos?.name ?? null,
    accent: pos?.look.accent ?? null,
    logoUrl: logo === null ? null : basePath + logoPath(logo),
  };
}

function priceOf({ price }: PaymentLink): LinkPageView['price'] {
  const text = (amount: FiatAmount | null): string | null => (amount === null ? null : formatFiatAmount(amount));
  return price.kind === 'fixed'
    ? { kind: 'fixed', amount: formatFiatAmount(price.amount) }
    : { kind: 'open', min: text(price.min), max: text(price.max) };
}
