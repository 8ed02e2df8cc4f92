export { assets, shopAssets, type Asset } from './assets.ts';
export { renderCancelPage } from './cancel.tsx';
export { renderCheckoutPage } from './checkout.tsx';
export { contentSecurityPolicy } from './content-security-policy.ts';
export { LANGUAGES, pickLanguage, type Language } from './i18n/languages.ts';
export { renderNotFoundPage } from './not-found.tsx';
export { renderReceiptPage } from './receipt.tsx';
export type { CheckoutView, SandboxControls } from './view.ts';
