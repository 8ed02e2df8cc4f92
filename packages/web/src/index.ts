export { assets, shopAssets, type Asset } from './page/assets.ts';
export { renderCancelPage } from './checkout/cancel-page.tsx';
export { renderCheckoutPage } from './checkout/checkout-page.tsx';
export { contentSecurityPolicy } from './page/content-security-policy.ts';
export { LANGUAGES, pickReader, type Reader } from './i18n/languages.ts';
export { pageRelease } from './page/release.ts';
export { renderClosedLinkPage, renderLinkPage } from './checkout/link/link-page.tsx';
export type { ClosedLink, LinkPageFault, LinkPageFrame, LinkPageView } from './checkout/link/view.ts';
export { numbersOf } from './i18n/numbers.ts';
export { renderNewSecretPage, renderSecretsPage } from './panel/wallets/secrets-page.tsx';
export { renderComparePage, renderWalletsPage } from './panel/wallets/wallets-page.tsx';
export type { WalletFault, WalletFaultReason } from './panel/wallets/view.ts';
export { renderNotFoundPage, renderUnverifiedPage } from './checkout/not-found-page.tsx';
export { renderReceiptPage } from './checkout/receipt-page.tsx';
export type { BuyerRefund, CheckoutNote, CheckoutView, PageChoices, SandboxControls, SandboxEvent } from './checkout/view.ts';
export { renderCallbackPage } from './panel/callbacks/callback-page.tsx';
export { renderCallbacksPage } from './panel/callbacks/callbacks-page.tsx';
export type { CallbacksView, CallbackStatus, CallbackView, PanelNote } from './panel/callbacks/view.ts';
export { renderDashboardPage } from './panel/dashboard/dashboard-page.tsx';
export type { DashboardView } from './panel/dashboard/view.ts';
export { renderOrderPage } from './panel/orders/order-page.tsx';
export { renderOrderReceiptPage } from './panel/orders/receipt-page.tsx';
export { renderOrdersPage } from './panel/orders/orders-page.tsx';
export type {
  OrderNote,
  OrderReceiptView,
  OrdersView,
  OrderStatusName,
  OrderView,
  PanelActor,
  PanelAttention,
  PanelOrder,
  PanelPayment,
  TimelineView,
} from './panel/orders/view.ts';
export { renderReportsPage } from './panel/reports/reports-page.tsx';
export type { ReportsView } from './panel/reports/view.ts';
export { renderMerchantPage } from './panel/settings/merchant-page.tsx';
export { renderCreatedPosPage, renderNewPosPage } from './panel/settings/new-pos-page.tsx';
export { renderPosPage } from './panel/settings/pos-page.tsx';
export { renderSettingsPage } from './panel/settings/settings-page.tsx';
export type { MerchantPageView, NewPosView, PosNote, PosPageView, SettingsView } from './panel/settings/view.ts';
export { renderConfirmedPage, renderConfirmPage } from './panel/access/confirm-page.tsx';
export { renderLoginPage, type LoginFault } from './panel/access/login-page.tsx';
export { renderRecoveryPage, renderWelcomePage, type SetUpFaultText } from './panel/access/welcome-page.tsx';
export { renderAuditPage, type AuditView } from './panel/people/audit-page.tsx';
export {
  renderPeoplePage,
  renderPersonPage,
  type InvitationView,
  type PeopleNote,
  type PersonView,
  type ScopeChoice,
  type ScopeChoices,
  type SessionView,
} from './panel/people/people-page.tsx';
export { renderProfilePage } from './panel/people/profile-page.tsx';
export { panelSecurityPolicy } from './panel/frame/content-security-policy.ts';
export type { PanelFrame, PanelViewer } from './panel/frame/panel-frame.ts';
export { renderMissingPage, renderRefusalPage } from './panel/frame/plain-pages.tsx';
export { renderNotificationLinkPage } from './panel/notifications/link-pages.tsx';
export { renderNotificationsPage } from './panel/notifications/notifications-page.tsx';
export { renderSubscriptionPage } from './panel/notifications/subscription-page.tsx';
export {
  NOTIFICATION_NOTES,
  type MessageView,
  type NotificationNote,
  type SubscriptionFormView,
  type SubscriptionValues,
  type SubscriptionView,
} from './panel/notifications/view.ts';
export type { MailNotice, NotificationMail, RenderedMail } from './panel/notifications/mail/mail-view.ts';
export { renderNotificationMail } from './panel/notifications/mail/render-mail.tsx';
export { renderLinkFormPage } from './panel/links/link-form-page.tsx';
export { renderLinkDetailsPage } from './panel/links/link-page.tsx';
export { renderLinkPosterPage } from './panel/links/link-poster-page.tsx';
export { renderLinksPage } from './panel/links/links-page.tsx';
export type { LinkDetailsView, LinkFormView, LinksView, PanelLink } from './panel/links/view.ts';
export { renderRefundPage } from './panel/refunds/refund-page.tsx';
export { renderRefundsPage } from './panel/refunds/refunds-page.tsx';
export type { OrderRefundsView, PanelRefund, RefundNote, RefundsView, RefundView } from './panel/refunds/view.ts';
