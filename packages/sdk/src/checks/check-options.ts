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
  const known = Object.keys(rules);
  for (const given of Object.keys(options)) {
    if (!known.includes(given)) throw new ConfigurationError(given, `unknown option (${nameHint(given, known)})`);
  }
  for (const [field, [isRight, wanted, got, isRequired]] of Object.entries<Rule>(rules)) {
    const value = (options as Record<string, unknown>)[field];
    if (value !== undefined || isRequired) requireOption(isRight(value), field, wanted, value, got?.(value));
  }
}
