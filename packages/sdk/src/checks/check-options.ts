import { nameHint } from '#runtime';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { requireOption } from './require-option.ts';
import { isObject, type Rule, type Rules } from './value-rules.ts';

/**
 * Checks the options of a public function by their rules, and refuses those that it does not have: a misspelt one would be
 * passed by in silence.
 *
 * @param name what the options are called as a whole.
 * @throws ConfigurationError that names the wrong option, with the one that was probably meant.
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
