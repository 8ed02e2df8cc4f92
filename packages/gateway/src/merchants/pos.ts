/** A point of sale (POS): who may create orders, in what currency, for which account, and with what settings. */
import type { EpochMs } from '../kernel/clock.ts';
import type { AccountId, PosId } from '../kernel/ids.ts';
import type { CurrencyCode } from '../orders/currency.ts';
import type { LogoId } from './logo-image.ts';
import type { ToleranceSetting } from './tolerance.ts';

export interface Pos {
  readonly id: PosId;
  readonly name: string;
  readonly type: 'web' | 'mobile';
  readonly accountId: AccountId;
  readonly currency: CurrencyCode;
  readonly clientId: string;
  /** Its secret, sealed with the key file: it signs callbacks and logs in. While it is changed, there is a second one. */
  readonly sealedSecret: string;
  /** Numbers the secret, and every access token says by which one it was got. It only grows, so that none comes back to life. */
  readonly generation: number;
  /** The change of its secret, as far as it was written down; `secretsAt` says what is good now. */
  readonly rotation: SecretRotation | null;
  readonly defaults: PosDefaults;
  readonly rates: PosRates;
  /** How much less than asked for its orders take as enough. */
  readonly tolerance: ToleranceSetting;
  readonly look: PosLook;
  readonly active: boolean;
  /** Whether it asks for `payment.transaction.changed`, which the older clients do not know. Default: it does not. */
  readonly transactionChanged?: boolean;
  readonly createdAt: EpochMs;
}

/** A second secret, one generation after the first. */
export interface SecretRotation {
  readonly sealedSecret: string;
  readonly startedAt: EpochMs;
}

/** What an order takes from its POS where it says nothing itself. */
export interface PosDefaults {
  readonly callbackUrl: string | null;
  readonly continueUrl: string | null;
  readonly cancelUrl: string | null;
  readonly requiredConfirmations: number;
}

/** Where the rate of its orders comes from. */
export interface PosRates {
  /** One provider alone, such as `kraken`; null: the gateway's default. */
  readonly provider: string | null;
  /** What is taken off the rate, in hundredths of a percent. */
  readonly spreadBps: number;
}

/** What makes the pages that its buyers see the merchant's own. */
export interface PosLook {
  /** Whom a buyer asks: an e-mail address, a telephone number or an https URL; null: nobody is named. */
  readonly support: string | null;
  /** The colour of what is pressed, as `#rrggbb`; null: the pages' own. */
  readonly accent: string | null;
  /** Names the picture beside its name; null: none exists. */
  readonly logo: LogoId | null;
  /** The origins whose pages may show the pages in a frame. */
  readonly origins: readonly string[];
}

/** The look of a POS that was told nothing of it. */
export const PLAIN_LOOK: PosLook = { support: null, accent: null, logo: null, origins: [] };
