import type { AnswerBody, FetchAnswer } from './fetch.ts';

/** The longest body that is read, in bytes: 1 MiB. A full page of orders is a tenth of that. */
export const MAX_ANSWER_BYTES = 1_048_576;

/**
 * Reads the body of an answer, and stops where it gets too long: whatever answers in the place of the API must not fill
 * the memory of a shop.
 *
 * @returns undefined when the body turned out to be longer than {@link MAX_ANSWER_BYTES}.
 */
export function readText(response: FetchAnswer): Promise<string | undefined> {
  const { headers, body } = response;
  const length = headers.get('content-length');
  // HTTP itself ends a body where its length says, unless it is packed. Read whole, it costs least.
  const isBounded = length !== null && Number(length) <= MAX_ANSWER_BYTES && headers.get('content-encoding') === null;
  return !body || isBounded ? response.text() : readPieces(body);
}

async function readPieces(body: AnswerBody): Promise<string | undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = 0; ;) {
    const { value } = await reader.read();
    if (value === undefined) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_ANSWER_BYTES) {
      reader.cancel().catch(() => undefined);
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
