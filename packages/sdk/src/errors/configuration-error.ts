import { WebposError } from './webpos-error.ts';

/**
 * An option has an invalid value. Thrown before anything is sent.
 *
 * @example
 * if (error instanceof ConfigurationError) console.error(`check the option ${error.field}: ${error.message}`);
 */
export class ConfigurationError extends WebposError {
  /** The name of the option. */
  declare readonly field: string;

  /** @param expected what the option accepts; without `got`, the problem itself. */
  constructor(field: string, expected: string, got?: string) {
    super(`${field}: ${got === undefined ? expected : `expected ${expected}, got ${got}`}`);
    Object.assign(this, { field });
  }

  override get name(): 'ConfigurationError' {
    return 'ConfigurationError';
  }
}
