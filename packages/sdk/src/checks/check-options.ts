import { nameHint } from '#runtime';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { requireOption } from './require-option.ts';
import { isObject, type Rule, type Rules } from './value-rules.ts';

/**
 * Checks the options of a public function, and refuses unknown ones, because a misspelt option would have no effect.
 *
 * @param name what the options are called together.
 * @throws ConfigurationError naming the wrong option, and for an unknown one the option that was probably meant.
 */
export function checkOptions<Options>(options: Options, rules: Rules<Options>, name = 'options'): void {
  requireOption(isObject(options), name, 'an object', options);
  // A hot path, so nothing is allocated for a call without options.
  for (const given of Object.keys(options)) {
    const known = Object.keys(rules);
    if (!known.includes(given)) throw new ConfigurationError(given, `unknown option (${nameHint(given, known)})`);
  }
  for (const field in rules) {
    const value: unknown = options[field];
    const [isRight, wanted, got, isRequired] = rules[field] as Rule;
    if (value !== undefined || isRequired) requireOption(isRight(value), field, wanted, value, got?.(value));
  }
}
