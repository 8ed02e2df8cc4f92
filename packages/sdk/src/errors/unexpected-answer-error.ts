import { type ErrorDetails, WebposError } from './webpos-error.ts';

/** An answer that is not the contract's: a proxy's HTML page, a redirect, JSON without the fields that belong there. */
export class UnexpectedAnswerError extends WebposError {
  /** The answer's media type, where it named one. */
  declare readonly contentType?: string;

  constructor(message: string, details: ErrorDetails & { status: number; contentType?: string | undefined }) {
    super(message, details);
    if (details.contentType !== undefined) this.contentType = details.contentType;
  }

  override get name(): 'UnexpectedAnswerError' {
    return 'UnexpectedAnswerError';
  }
}
