export { assets, type Asset } from './assets.ts';
export { renderCheckoutPage } from './checkout.tsx';
export { contentSecurityPolicy } from './content-security-policy.ts';
export { renderNotFoundPage } from './not-found.tsx';
export type { CheckoutView, SandboxControls } from './view.ts';
