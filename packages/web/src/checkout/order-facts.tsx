/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import { UNTRANSLATED, Verbatim } from '../page/verbatim.tsx';
import { supportUrl } from './links.ts';
import type { CheckoutView } from './view.ts';

/** By these first letters of its UUID `webpos order list` finds an order. */
const SHORT_ID_LETTERS = 8;

interface OrderFactsProps {
  view: CheckoutView;
  wording: Wording;
  /** Whether the whole UUID is shown. */
  wholeId?: boolean;
  children?: ComponentChildren;
}

/** What the order is for, in the shop's words, and its id. */
export function OrderFacts({ view, wording, wholeId = false, children }: OrderFactsProps): VNode {
  const { text } = wording;
  const { details, reference, uuid } = view;
  return (
    <dl class="order">
      {children}
      {details !== null && (
        <Fact name={text('order_for')}>
          <span dir="auto">{details}</span>
        </Fact>
      )}
      {reference !== null && (
        <Fact name={text('reference')}>
          <Verbatim>{reference}</Verbatim>
        </Fact>
      )}
      <Fact name={text('payment_id')}>
        <Verbatim>{wholeId ? uuid : uuid.slice(0, SHORT_ID_LETTERS)}</Verbatim>
      </Fact>
    </dl>
  );
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The shop's contact; a link where it can be one. */
export function SupportLine({
  support,
  wording: { text, language },
}: {
  support: string | null;
  wording: Wording;
}): VNode | null {
  if (support === null) return null;
  const url = supportUrl(support);
  return (
    <p class="support">
      {text('support')}
      {language.space}
      {url === null ? (
        <bdi>{support}</bdi>
      ) : (
        <a href={url} target="_top" {...UNTRANSLATED}>
          <bdi>{support}</bdi>
        </a>
      )}
    </p>
  );
}
