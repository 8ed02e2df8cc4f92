import type { Config } from '../../config/config.ts';
import { parseShopUrl } from '../../merchants/shop-url.ts';
import { UsageError } from './usage-error.ts';

export const CALLBACK_URL_FORMAT = 'an https URL; http too in the sandbox or to hosts of WEBPOS_CALLBACKS_ALLOW';

/** Parses a callback URL by the same rules as that of an order. @throws UsageError that names the option. */
export function readCallbackUrl(option: string, text: string, config: Pick<Config, 'mode' | 'callbacksAllow'>): string {
  try {
    return parseShopUrl(text, { allowHttp: config.mode === 'sandbox', httpHosts: config.callbacksAllow });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--${option}: ${error.message}`);
    throw error;
  }
}
