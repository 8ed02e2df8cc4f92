import type { Config } from '../../config/config.ts';
import { parseShopUrl } from '../../merchants/shop-url.ts';
import { UsageError } from './usage-error.ts';

/** A URL to which callbacks are to go, judged as that of an order is. @throws UsageError that names the option. */
export function readCallbackUrl(option: string, text: string, config: Pick<Config, 'mode' | 'callbacksAllow'>): string {
  try {
    return parseShopUrl(text, { allowHttp: config.mode === 'sandbox', httpHosts: config.callbacksAllow });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--${option}: ${error.message}`);
    throw error;
  }
}
