import { CallError, type ErrorDetails } from './call-error.ts';

/** An answer that is not the contract's: a proxy's HTML page, a redirect, JSON without the fields that belong there. */
export class UnexpectedAnswerError extends CallError<ErrorDetails & { status: number; contentType?: string | undefined }> {
  /** The answer's media type, where it named one. */
  declare readonly contentType?: string;

  override get name(): 'UnexpectedAnswerError' {
    return 'UnexpectedAnswerError';
  }
}

/** An answer of which more is wrong than its form. */
export function unexpectedAnswer(
  { method, path }: { method: string; path: string },
  problem: string,
  status = 200,
): UnexpectedAnswerError {
  return new UnexpectedAnswerError(problem, { method, path, status });
}
