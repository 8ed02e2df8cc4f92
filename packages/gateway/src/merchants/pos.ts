/** A point of sale (POS): one shop or till of a merchant, with its credentials, currency, account and settings. */
import type { EpochMs } from '../kernel/clock.ts';
import type { AccountId, MerchantId, PosId } from '../kernel/ids.ts';
import type { CurrencyCode } from '../orders/currency.ts';
import type { LogoId } from './logo-image.ts';
import type { ToleranceSetting } from './tolerance.ts';

export interface Pos {
  readonly id: PosId;
  readonly name: string;
  readonly type: 'web' | 'mobile';
  /** The merchant to whom it belongs; null: none is named. */
  readonly merchantId: MerchantId | null;
  readonly accountId: AccountId;
  /** Authenticates the account of this POS (`security/wallet-seals.ts`); null: not sealed. */
  readonly accountSeal: string | null;
  readonly currency: CurrencyCode;
  readonly clientId: string;
  /** The secret, encrypted with the key file: the POS logs in with it, and its callbacks are signed with it. */
  readonly sealedSecret: string;
  /** The number of the secret. Every access token carries the number of its secret. It only grows, so no revoked token becomes valid. */
  readonly generation: number;
  /** The stored rotation of the secret, which may have ended by time; `secretsAt` returns the secrets that are valid. */
  readonly rotation: SecretRotation | null;
  readonly defaults: PosDefaults;
  readonly rates: PosRates;
  /** The shortfall that its orders accept. */
  readonly tolerance: ToleranceSetting;
  readonly checkout: PosCheckout;
  readonly look: PosLook;
  readonly active: boolean;
  /** Whether it receives `payment.transaction.changed`, which the older clients do not know. Default: false. */
  readonly transactionChanged?: boolean;
  /** Whether it receives `payment.refund.paid` and `payment.refund.reverted`, which the older clients do not know. Default: false. */
  readonly refundEvents?: boolean;
  readonly createdAt: EpochMs;
}

/** A rotation: the second secret, whose generation is one after the first. */
export interface SecretRotation {
  readonly sealedSecret: string;
  readonly startedAt: EpochMs;
}

/** The values of an order's fields that its request leaves out. */
export interface PosDefaults {
  readonly callbackUrl: string | null;
  readonly continueUrl: string | null;
  readonly cancelUrl: string | null;
  readonly requiredConfirmations: number;
}

/** How the rate of its orders is computed. */
export interface PosRates {
  /** The only rate source, such as `kraken`; null: the gateway's default. */
  readonly provider: string | null;
  /** The spread, in hundredths of a percent. */
  readonly spreadBps: number;
}

/** Where its checkout pages lead buyers. */
export interface PosCheckout {
  /** When a buyer returns to the shop: once the whole amount is seen, or once the order is paid. */
  readonly returnWhen: 'seen' | 'paid';
  /** Whether the buyer of an expired order may have a new one on the same terms. */
  readonly allowsRetry: boolean;
}

export const DEFAULT_CHECKOUT: PosCheckout = { returnWhen: 'seen', allowsRetry: false };

/** The look of the pages that its buyers see. */
export interface PosLook {
  /** The contact for buyers: an e-mail address, a telephone number or an https URL. */
  readonly support: string | null;
  /** The colour of buttons and links as `#rrggbb`; null: the default. */
  readonly accent: string | null;
  /** The image beside the name of the POS. */
  readonly logo: LogoId | null;
  /** The origins whose pages may embed the checkout in a frame. */
  readonly origins: readonly string[];
}

/** The default look. */
export const PLAIN_LOOK: PosLook = { support: null, accent: null, logo: null, origins: [] };
