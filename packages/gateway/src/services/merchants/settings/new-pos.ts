import { DEFAULT_CHECKOUT } from '../../../merchants/pos.ts';
import { NO_TOLERANCE } from '../../../merchants/tolerance.ts';
import type { NewPos } from '../create-pos.ts';
import type { PosChange } from './pos-settings.ts';

/**
 * Completes the settings that somebody has given for a new POS.
 *
 * @param needed Returns the value of a setting, or throws if it is undefined.
 */
export function newPosOf({ terms = {}, look = {} }: PosChange, needed: <T>(name: string, value: T | undefined) => T): NewPos {
  const { name, type = 'web', merchantId = null, accountId, currency, defaults, rates, tolerance, checkout } = terms;
  const { transactionChanged = false, refundEvents = false } = terms;
  return {
    name: needed('name', name),
    type,
    merchantId,
    accountId: needed('account', accountId),
    currency: needed('currency', currency),
    defaults: { callbackUrl: null, continueUrl: null, cancelUrl: null, requiredConfirmations: 1, ...defaults },
    rates: { provider: null, spreadBps: 0, ...rates },
    tolerance: { ...NO_TOLERANCE, ...tolerance },
    checkout: { ...DEFAULT_CHECKOUT, ...checkout },
    transactionChanged,
    refundEvents,
    look,
  };
}
