// A page in which tests show, change and unmount the Vue component.
import { createApp, h, shallowRef } from 'vue';
import { CheckoutLoadError } from '@webpos/checkout';
import { WebposCheckout } from '@webpos/checkout/vue';

const props = shallowRef();
let app;
window.CheckoutLoadError = CheckoutLoadError;
window.show = (given) => {
  props.value = given;
  if (app !== undefined) return;
  app = createApp({ render: () => h(WebposCheckout, props.value) });
  app.mount('#app');
};
window.unmount = () => {
  app.unmount();
  app = undefined;
};
