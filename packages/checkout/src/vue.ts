/** The checkout of a WebPOS gateway as a Vue component. */
import { defineComponent, onBeforeUnmount, onMounted, watch, type DefineSetupFnComponent } from 'vue';
import { showCheckout, type CheckoutProps } from './show-checkout.ts';

export type { CheckoutProps } from './show-checkout.ts';

/**
 * Shows the checkout of an order as a dialog over the page while it is mounted with a `url`. It renders nothing itself.
 *
 * @example
 * <WebposCheckout gateway="https://pay.example" :url="order?.redirect_url" @done="router.push('/thanks')" @close="order = null" />
 */
export const WebposCheckout: DefineSetupFnComponent<CheckoutProps> = defineComponent(
  (props: CheckoutProps) => {
    let close = (): void => undefined;
    const show = (): void => {
      close();
      close = showCheckout(props, () => props);
    };
    onMounted(() => {
      show();
      watch(() => [props.gateway, props.url, props.nonce], show);
    });
    onBeforeUnmount(() => close());
    return () => null;
  },
  // Listeners are declared as properties, so that the component can tell whether they exist.
  { name: 'WebposCheckout', props: ['gateway', 'url', 'nonce', 'onState', 'onDone', 'onClose', 'onError'] },
);
