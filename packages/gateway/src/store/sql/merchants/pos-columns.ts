/** The columns of `pos`. */
import type { Selectable } from 'kysely';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { AccountId, MerchantId, PosId } from '../../../kernel/ids.ts';
import type { Sats } from '../../../kernel/sats.ts';
import type { LogoId } from '../../../merchants/logo-image.ts';
import type { Pos, PosCheckout } from '../../../merchants/pos.ts';
import { parseCurrency, type CurrencyCode } from '../../../orders/currency.ts';
import { readersOf, type TableOf } from '../columns.ts';
import { CorruptRowError } from '../corrupt-row-error.ts';

/** The columns that never change. */
export const fixedColumns = {
  id: { kind: 'text', of: ({ id }: Pos): PosId => id },
  client_id: { kind: 'text', of: ({ clientId }: Pos): string => clientId },
  created_at: { kind: 'time', of: ({ createdAt }: Pos): EpochMs => createdAt },
} as const;

export const changingColumns = {
  // Terms of its orders.
  name: { kind: 'text', of: ({ name }: Pos): string => name },
  type: { kind: 'text', of: ({ type }: Pos): Pos['type'] => type },
  merchant_id: { kind: 'textOrNull', of: ({ merchantId }: Pos): MerchantId | null => merchantId },
  account_id: { kind: 'text', of: ({ accountId }: Pos): AccountId => accountId },
  account_seal: { kind: 'textOrNull', of: ({ accountSeal }: Pos): string | null => accountSeal },
  currency: { kind: 'text', of: ({ currency }: Pos): CurrencyCode => currency },
  callback_url: { kind: 'textOrNull', of: ({ defaults }: Pos): string | null => defaults.callbackUrl },
  continue_url: { kind: 'textOrNull', of: ({ defaults }: Pos): string | null => defaults.continueUrl },
  cancel_url: { kind: 'textOrNull', of: ({ defaults }: Pos): string | null => defaults.cancelUrl },
  required_confirmations: { kind: 'integer', of: ({ defaults }: Pos): number => defaults.requiredConfirmations },
  rate_provider: { kind: 'textOrNull', of: ({ rates }: Pos): string | null => rates.provider },
  rate_spread_bps: { kind: 'integer', of: ({ rates }: Pos): number => rates.spreadBps },
  /** The tolerance, in hundredths of a percent and in satoshi. Null sets no limit of that kind; if both are null, there is no tolerance. */
  tolerance_bps: { kind: 'integerOrNull', of: ({ tolerance }: Pos): number | null => tolerance.bps },
  tolerance_sats: { kind: 'satsOrNull', of: ({ tolerance }: Pos): Sats | null => tolerance.sats },

  // Access and events.
  sealed_secret: { kind: 'text', of: ({ sealedSecret }: Pos): string => sealedSecret },
  /** The number of `sealed_secret`; each new secret gets the next number. */
  generation: { kind: 'integer', of: ({ generation }: Pos): number => generation },
  next_sealed_secret: { kind: 'textOrNull', of: ({ rotation }: Pos): string | null => rotation?.sealedSecret ?? null },
  rotation_started_at: { kind: 'timeOrNull', of: ({ rotation }: Pos): EpochMs | null => rotation?.startedAt ?? null },
  active: { kind: 'flag', of: ({ active }: Pos): boolean => active },
  /** Whether it receives the event `payment.transaction.changed`. */
  transaction_changed: { kind: 'flag', of: ({ transactionChanged }: Pos): boolean => transactionChanged === true },
  /** Whether it receives the events of refunds. */
  refund_events: { kind: 'flag', of: ({ refundEvents }: Pos): boolean => refundEvents === true },

  // Checkout pages.
  return_when: { kind: 'text', of: ({ checkout }: Pos): PosCheckout['returnWhen'] => checkout.returnWhen },
  allows_retry: { kind: 'flag', of: ({ checkout }: Pos): boolean => checkout.allowsRetry },

  // Appearance.
  support: { kind: 'textOrNull', of: ({ look }: Pos): string | null => look.support },
  accent: { kind: 'textOrNull', of: ({ look }: Pos): string | null => look.accent },
  logo: { kind: 'textOrNull', of: ({ look }: Pos): LogoId | null => look.logo },
  /** Separated by spaces, which an origin cannot contain. */
  origins: { kind: 'text', of: ({ look }: Pos): string => look.origins.join(' ') },
} as const;

/** The number of changes of the row. */
const revisionColumn = { revision: { kind: 'integer' } } as const;

export type PosTable = TableOf<typeof fixedColumns> & TableOf<typeof changingColumns> & TableOf<typeof revisionColumn>;

const read = readersOf({ ...fixedColumns, ...changingColumns });

export function posFrom(row: Selectable<PosTable>): Pos {
  return {
    id: read.id(row.id),
    name: read.name(row.name),
    type: read.type(row.type),
    merchantId: read.merchant_id(row.merchant_id),
    accountId: read.account_id(row.account_id),
    accountSeal: read.account_seal(row.account_seal),
    currency: parseCurrency(row.currency),
    clientId: read.client_id(row.client_id),
    sealedSecret: read.sealed_secret(row.sealed_secret),
    generation: read.generation(row.generation),
    rotation: rotationFrom(row),
    defaults: {
      callbackUrl: read.callback_url(row.callback_url),
      continueUrl: read.continue_url(row.continue_url),
      cancelUrl: read.cancel_url(row.cancel_url),
      requiredConfirmations: read.required_confirmations(row.required_confirmations),
    },
    rates: { provider: read.rate_provider(row.rate_provider), spreadBps: read.rate_spread_bps(row.rate_spread_bps) },
    tolerance: { bps: read.tolerance_bps(row.tolerance_bps), sats: read.tolerance_sats(row.tolerance_sats) },
    checkout: { returnWhen: read.return_when(row.return_when), allowsRetry: read.allows_retry(row.allows_retry) },
    look: {
      support: read.support(row.support),
      accent: read.accent(row.accent),
      logo: read.logo(row.logo),
      origins: row.origins === '' ? [] : row.origins.split(' '),
    },
    active: read.active(row.active),
    ...(read.transaction_changed(row.transaction_changed) ? { transactionChanged: true } : {}),
    ...(read.refund_events(row.refund_events) ? { refundEvents: true } : {}),
    createdAt: read.created_at(row.created_at),
  };
}

function rotationFrom(row: Selectable<PosTable>): Pos['rotation'] {
  const [sealedSecret, startedAt] = [
    read.next_sealed_secret(row.next_sealed_secret),
    read.rotation_started_at(row.rotation_started_at),
  ];
  if (sealedSecret === null) return null;
  if (startedAt === null) throw new CorruptRowError(`POS ${row.id}: next_sealed_secret needs rotation_started_at, which is null`);
  return { sealedSecret, startedAt };
}
