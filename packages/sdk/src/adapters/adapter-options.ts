import { checkOptions } from '../checks/check-options.ts';
import { integerRule, type Rules, typeRule } from '../checks/value-rules.ts';
import type { AdapterOptions } from './answer-callback.ts';
import { MAX_BODY_BYTES } from './bounded-body.ts';

/** The rules for the options that every adapter takes. */
export const ADAPTER_RULES: Rules<AdapterOptions> = { maxBodyBytes: integerRule(1), onError: typeRule('function') };

/**
 * Checks the options of an adapter and fills in the defaults.
 *
 * @throws ConfigurationError naming the wrong option.
 */
export function parseAdapterOptions<Options extends AdapterOptions>(
  options: Options,
  rules: Rules<Options>,
): Options & { maxBodyBytes: number } {
  checkOptions(options, rules);
  return { ...options, maxBodyBytes: options.maxBodyBytes ?? MAX_BODY_BYTES };
}
