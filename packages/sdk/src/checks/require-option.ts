import { ConfigurationError } from '../errors/configuration-error.ts';
import { describeValue } from './value-rules.ts';

/**
 * Fails if an option is wrong.
 *
 * @param got describes the value if it must not be shown.
 * @throws ConfigurationError naming the field, what it takes and what it got.
 */
export function requireOption(isRight: unknown, field: string, wanted: string, value: unknown, got?: string): asserts isRight {
  if (!isRight) throw new ConfigurationError(field, wanted, got ?? describeValue(value));
}
