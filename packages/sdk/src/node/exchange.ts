import type { FetchAnswer, FetchInit } from '../http/fetch.ts';
import { MAX_ANSWER_BYTES } from '../http/answer-limit.ts';
import type { ByteStream } from '../http/read-text.ts';
import { codeOf } from '../http/safe-cause.ts';
import { closeIdle, isTooIdle } from './idle-connections.ts';
import type { Route } from './routes.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Sends one request and reads its answer, up to the size limit.
 *
 * @param path a path with its query, or a whole URL.
 * @param mayRepeat whether to send it again if a kept-alive connection turns out to be dead.
 */
export function exchange(route: Route, path: string, init: FetchInit, mayRepeat: boolean): Promise<FetchAnswer> {
  return new Promise((resolve, reject) => {
    const { module, agent, address } = route;
    const { method } = init;
    if (route.isOwnAgent && isTooIdle(Date.now() - route.usedAtMs, mayRepeat)) closeIdle(agent);
    const body = init.body === undefined ? undefined : encoder.encode(init.body);
    let hasAnswer = false;
    let over: Error | undefined;
    const options = { ...address, path, method, headers: headersOf(route, init, body), agent };
    // A request that is still waiting for its tunnel does not abort it.
    const tunnel = route.isTunnel ? new AbortController() : undefined;
    const more = tunnel === undefined ? options : { ...options, tunnelSignal: tunnel.signal };
    const request = module.request(more, (response) => {
      hasAnswer = true;
      const chunks: Uint8Array[] = [];
      let length = 0;
      const finish = (): void => {
        stopListening();
        route.usedAtMs = Date.now();
        const get = (name: string): string | null => response.headers[name.toLowerCase()]?.toString() ?? null;
        // A body beyond the limit is returned in chunks, so that the reader notices its size.
        const body = length > MAX_ANSWER_BYTES ? bodyOf(chunks) : null;
        const text = (): Promise<string> => Promise.resolve(textOf(chunks, length));
        resolve({ status: response.statusCode, headers: { get }, body, text });
      };
      response.on('data', (chunk) => {
        chunks.push(chunk);
        length += chunk.byteLength;
        if (length <= MAX_ANSWER_BYTES) return;
        finish();
        response.destroy();
      });
      response.on('end', finish);
      response.on('error', fail);
    });
    const stopListening = onCallEnd(init, (error) => {
      over = error;
      tunnel?.abort(error);
      // If this connection died while idle, so did the other idle ones.
      if (request.reusedSocket && !hasAnswer) closeIdle(agent);
      request.destroy(error);
    });
    const fail = (error: Error): void => {
      stopListening();
      if (over !== undefined) return reject(over);
      const isStale = request.reusedSocket && !hasAnswer && /^(ECONNRESET|EPIPE)$/.test(codeOf(error) ?? '');
      if (!isStale || !mayRepeat) return reject(error);
      // The other idle connections have probably been closed too.
      closeIdle(agent);
      resolve(exchange(route, path, init, false));
    };
    request.on('error', fail);
    if (over === undefined) request.end(body);
  });
}

/** Returns names and values alternating, which `node:http` writes in a third of the time of an object. */
function headersOf(route: Route, { method, headers }: FetchInit, body: Uint8Array | undefined): string[] {
  const list: string[] = [];
  // The caller's headers are in lower case.
  if (!('host' in headers)) list.push('Host', route.host);
  if (!('accept-encoding' in headers)) list.push('Accept-Encoding', 'identity');
  for (const name in headers) list.push(name, headers[name] ?? '');
  for (const name in route.headers) list.push(name, route.headers[name] ?? '');
  // RFC 9110, 8.6: a method that defines a body has a length even if the body is empty.
  if (body !== undefined || (method !== 'GET' && method !== 'DELETE')) list.push('Content-Length', String(body?.length ?? 0));
  return list;
}

/** Calls a listener when the call ends early. @returns a function that removes the listener. */
function onCallEnd(init: FetchInit, onEnd: (error: Error) => void): () => void {
  if (init.onOver !== undefined) {
    init.onOver(onEnd);
    return () => undefined;
  }
  const { signal } = init;
  const onAbort = (): void => onEnd(signal.reason as Error);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  return () => signal.removeEventListener('abort', onAbort);
}

/** Decodes a body at once, because decoding chunks costs several times as much. */
function textOf([first = new Uint8Array(), ...others]: readonly Uint8Array[], length: number): string {
  if (others.length === 0) return decoder.decode(first);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of [first, ...others]) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return decoder.decode(whole);
}

function bodyOf(chunks: Uint8Array[]): ByteStream {
  const read = (): Promise<{ value: Uint8Array | undefined }> => Promise.resolve({ value: chunks.shift() });
  return { getReader: () => ({ read, cancel: () => Promise.resolve() }) };
}
