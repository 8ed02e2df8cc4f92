// A page that uses only the loader.
import { CheckoutLoadError, loadCheckout } from '@webpos/checkout';

Object.assign(window, { CheckoutLoadError, loadCheckout });
