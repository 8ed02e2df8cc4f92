import { ConfigurationError } from '../errors/configuration-error.ts';
import { describeValue } from './value-rules.ts';

/**
 * Ends the making of a client, or a call, when an option is wrong.
 *
 * @param got what came, when the value itself must not be shown.
 * @throws ConfigurationError that names the field, what it takes and what came.
 */
export function requireOption(isRight: unknown, field: string, wanted: string, value: unknown, got?: string): asserts isRight {
  if (!isRight) throw new ConfigurationError(field, wanted, got ?? describeValue(value));
}
