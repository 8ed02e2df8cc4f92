import { unexpectedAnswer } from '../errors/unexpected-answer-error.ts';
import type { WithAnswer } from '../http/with-answer.ts';
import type { ClientCredentialsLoginResponse } from '../wire/index.ts';

/**
 * Refuses an access token that no header can hold, because `fetch` would quote it in its error.
 *
 * @throws UnexpectedAnswerError without the token.
 */
export function checkAccessToken(
  call: { method: string; path: string },
  { data, answer: { status } }: WithAnswer<ClientCredentialsLoginResponse>,
): void {
  if (/^[\x21-\x7e]+$/.test(data.access_token)) return;
  throw unexpectedAnswer(call, 'the access token does not fit into a header', status);
}
