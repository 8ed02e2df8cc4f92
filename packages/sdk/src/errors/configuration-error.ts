import { WebposError } from './webpos-error.ts';

/** An option has a value that it cannot have. Thrown before anything is sent. */
export class ConfigurationError extends WebposError {
  /** The name of the option. */
  declare readonly field: string;

  /** @param expected what the option takes; without `got`, what is wrong with it. */
  constructor(field: string, expected: string, got?: string) {
    super(`${field}: ${got === undefined ? expected : `expected ${expected}, got ${got}`}`);
    Object.assign(this, { field });
  }

  override get name(): 'ConfigurationError' {
    return 'ConfigurationError';
  }
}
