// A page in which tests show, change and unmount the React component. Strict mode mounts everything twice.
import { createElement, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { CheckoutLoadError } from '@webpos/checkout';
import { WebposCheckout } from '@webpos/checkout/react';

let root;
window.CheckoutLoadError = CheckoutLoadError;
window.show = (props) => {
  root ??= createRoot(document.querySelector('#app'));
  root.render(createElement(StrictMode, null, createElement(WebposCheckout, props)));
};
window.unmount = () => {
  root.unmount();
  root = undefined;
};
