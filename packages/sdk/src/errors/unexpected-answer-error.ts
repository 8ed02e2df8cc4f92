import { CallError, type ErrorDetails } from './call-error.ts';

/**
 * An answer that does not follow the contract: a proxy's HTML page, a redirect, or JSON without required fields.
 *
 * @example
 * if (error instanceof UnexpectedAnswerError) log.error(`is baseUrl right? got ${error.status} ${error.contentType}`);
 */
export class UnexpectedAnswerError extends CallError<ErrorDetails & { status: number; contentType?: string | undefined }> {
  /** The media type of the answer, if it has one. */
  declare readonly contentType?: string;

  override get name(): 'UnexpectedAnswerError' {
    return 'UnexpectedAnswerError';
  }
}

/** Makes the error of an answer that is wrong in more than its form. */
export function unexpectedAnswer(
  { method, path }: { method: string; path: string },
  problem: string,
  status = 200,
): UnexpectedAnswerError {
  return new UnexpectedAnswerError(problem, { method, path, status });
}
