'use client';

/** The checkout of a WebPOS gateway as a React component. */
import { useEffect, useRef } from 'react';
import { showCheckout, type CheckoutProps } from './show-checkout.ts';

export type { CheckoutProps } from './show-checkout.ts';

/**
 * Shows the checkout of an order as a dialog over the page while it is mounted with a `url`. It renders nothing itself.
 *
 * @example
 * <WebposCheckout gateway="https://pay.example" url={order?.redirect_url} onDone={() => navigate('/thanks')} onClose={() => setOrder(null)} />
 */
export function WebposCheckout(props: CheckoutProps): null {
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const { gateway, url, nonce } = props;
  useEffect(() => showCheckout({ gateway, url, nonce }, () => latest.current), [gateway, url, nonce]);
  return null;
}
