/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import { supportUrl } from './links.ts';
import type { CheckoutView } from './view.ts';

/** What the order is for, in the shop's words, and its id. */
export function OrderFacts(props: { view: CheckoutView; wording: Wording; children?: ComponentChildren }): VNode {
  const { view, wording, children } = props;
  return (
    <dl class="order">
      {children}
      {view.details !== null && <Fact name={wording.text('order_for')} value={view.details} />}
      {view.reference !== null && <Fact name={wording.text('reference')} value={view.reference} />}
      <Fact name={wording.text('order')} value={view.uuid} />
    </dl>
  );
}

export function Fact({ name, value }: { name: string; value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{value}</dd>
    </div>
  );
}

/** Whom to ask; a link where it can be one. */
export function SupportLine({ support, wording: { text } }: { support: string | null; wording: Wording }): VNode | null {
  if (support === null) return null;
  const url = supportUrl(support);
  return (
    <p class="support">
      {text('support')}{' '}
      {url === null ? (
        <bdi>{support}</bdi>
      ) : (
        <a href={url} target="_top">
          <bdi>{support}</bdi>
        </a>
      )}
    </p>
  );
}
