import type { Pos } from '../merchants/pos.ts';

/** Returns the settings of a POS that its merchant can change, with its name and ids, as commands and the panel's API show them. */
export function posTermsJson(pos: Pos): Readonly<Record<string, unknown>> {
  return {
    uuid: pos.id,
    client_id: pos.clientId,
    name: pos.name,
    type: pos.type,
    merchant: pos.merchantId,
    account: pos.accountId,
    currency: pos.currency,
    active: pos.active,
    callback_url: pos.defaults.callbackUrl,
    continue_url: pos.defaults.continueUrl,
    cancel_url: pos.defaults.cancelUrl,
    required_confirmations: pos.defaults.requiredConfirmations,
    rate_provider: pos.rates.provider,
    rate_spread_bps: pos.rates.spreadBps,
    tolerance_bps: pos.tolerance.bps,
    tolerance_sats: pos.tolerance.sats === null ? null : Number(pos.tolerance.sats),
    return_when: pos.checkout.returnWhen,
    try_again: pos.checkout.allowsRetry,
    transaction_changed: pos.transactionChanged === true,
    refund_events: pos.refundEvents === true,
    support: pos.look.support,
    accent: pos.look.accent,
    logo: pos.look.logo,
    origins: pos.look.origins,
  };
}
