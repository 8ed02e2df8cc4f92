/** Gets the answer of a public source over HTTPS: whole, or an error that says why not. */
const DEADLINE_MS = 10_000;
const MOST_BYTES = 1024 * 1024;

/** A source answered with another status than 200. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: number;
  /** When it wants to be asked again, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs: number | undefined) {
    super(`answered ${status}`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

export type GetText = (url: string, signal: AbortSignal) => Promise<string>;

/** @throws StatusError, or an Error when there is no whole answer of at most 1 MiB within 10 seconds. Redirects are not followed. */
export const getText: GetText = async (url, stopped) => {
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(DEADLINE_MS)]);
  // Loaded when it is needed: it takes a tenth of a start.
  const { request } = await import('undici');
  const { statusCode, headers, body } = await request(url, {
    headers: { accept: 'application/json', 'user-agent': 'webpos' },
    signal,
  });
  if (statusCode !== 200) {
    await body.dump({ limit: MOST_BYTES, signal });
    const retryAfter = headers['retry-after'];
    const seconds = typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
    throw new StatusError(statusCode, seconds === undefined ? undefined : seconds * 1000);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error(`answered more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
