import { WebposError } from './webpos-error.ts';

/** An option has a value that it cannot have. Thrown before anything is sent. */
export class ConfigurationError extends WebposError {
  /** The name of the option. */
  readonly field: string;

  constructor(field: string, expected: string, got: string) {
    super(`${field}: expected ${expected}, got ${got}`);
    this.field = field;
  }

  override get name(): 'ConfigurationError' {
    return 'ConfigurationError';
  }
}
