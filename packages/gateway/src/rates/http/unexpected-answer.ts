/** The answer of a provider does not match its documentation. */
export class UnexpectedAnswerError extends Error {
  override readonly name: string = 'UnexpectedAnswerError';
}

/** The provider refuses the whole request because it does not know one of its markets. */
export class UnknownMarketError extends UnexpectedAnswerError {
  override readonly name = 'UnknownMarketError';
}
