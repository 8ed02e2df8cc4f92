import { unexpectedAnswer } from '../errors/unexpected-answer-error.ts';
import type { WithAnswer } from '../http/with-answer.ts';
import type { ClientCredentialsLoginResponse } from '../wire/index.ts';

/**
 * Refuses an access token that fits into no header: a `fetch` quotes the header that it cannot send.
 *
 * @throws UnexpectedAnswerError.
 */
export function checkAccessToken(
  call: { method: string; path: string },
  { data, answer: { status } }: WithAnswer<ClientCredentialsLoginResponse>,
): void {
  if (/^[\x21-\x7e]+$/.test(data.access_token)) return;
  throw unexpectedAnswer(call, 'the access token does not fit into a header', status);
}
