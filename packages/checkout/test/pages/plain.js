// A page that uses the loader alone.
import { CheckoutLoadError, loadCheckout } from '@webpos/checkout';

Object.assign(window, { CheckoutLoadError, loadCheckout });
