/** Fetches the answer of a public source over HTTPS: complete, or an error with the reason. */
const DEADLINE_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

/** A source answered with a status other than 200. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: number;
  /** How long the source asks us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs: number | undefined) {
    super(`answered ${status}`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

export type GetText = (url: string, signal: AbortSignal) => Promise<string>;

/** @throws StatusError, or an Error without a complete answer of at most 1 MiB within 10 seconds. Redirects are not followed. */
export const getText: GetText = async (url, stopped) => {
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(DEADLINE_MS)]);
  // Loaded on demand, because most commands ask for no rates.
  const { request } = await import('undici');
  const { statusCode, headers, body } = await request(url, {
    headers: { accept: 'application/json', 'user-agent': 'webpos' },
    signal,
  });
  if (statusCode !== 200) {
    await body.dump({ limit: MAX_BYTES, signal });
    const retryAfter = headers['retry-after'];
    const seconds = typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
    throw new StatusError(statusCode, seconds === undefined ? undefined : seconds * 1000);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`answered more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
