import type { AnswerBody, FetchAnswer, FetchInit } from '../fetch.ts';
import { MAX_ANSWER_BYTES } from '../read-text.ts';
import { codeOf } from '../redact.ts';
import type { Way } from './way.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Sends one request and reads its answer to the end, or to where it is too long.
 *
 * @param path what is asked for: a path with its query, or a whole URL.
 * @param mayRepeat whether it may go out again after a kept connection turned out to be dead.
 */
export function exchange(way: Way, path: string, init: FetchInit, mayRepeat: boolean): Promise<FetchAnswer> {
  return new Promise((resolve, reject) => {
    const { module, agent, place } = way;
    const { method } = init;
    const body = init.body === undefined ? undefined : encoder.encode(init.body);
    let hasAnswer = false;
    let over: Error | undefined;
    const options = { ...place, path, method, headers: headersOf(way, init, body), agent };
    // A request that waits for its tunnel does not end it.
    const tunnel = way.isTunnel ? new AbortController() : undefined;
    const more = tunnel === undefined ? options : { ...options, tunnelSignal: tunnel.signal };
    const request = module.request(more, (response) => {
      hasAnswer = true;
      const chunks: Uint8Array[] = [];
      let length = 0;
      const finish = (): void => {
        stopHearing();
        const get = (name: string): string | null => response.headers[name.toLowerCase()]?.toString() ?? null;
        // What is too long is given piece by piece, so that whoever reads it sees where it gets so.
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
    const stopHearing = hearOfEnd(init, (error) => {
      over = error;
      tunnel?.abort(error);
      request.destroy(error);
    });
    const fail = (error: Error): void => {
      stopHearing();
      if (over !== undefined) return reject(over);
      const isStale = request.reusedSocket && !hasAnswer && /^(ECONNRESET|EPIPE)$/.test(codeOf(error) ?? '');
      if (!isStale || !mayRepeat) return reject(error);
      // The others that wait have likely been closed as well.
      for (const sockets of Object.values(agent.freeSockets ?? {})) sockets?.forEach((socket) => socket.destroy());
      resolve(exchange(way, path, init, false));
    };
    request.on('error', fail);
    if (over === undefined) request.end(body);
  });
}

/** Names and values in turn, which `node:http` writes as they are: a third of what it takes to set them one by one. */
function headersOf(way: Way, { method, headers }: FetchInit, body: Uint8Array | undefined): string[] {
  const list: string[] = [];
  // The caller's own are in lower case.
  if (!('host' in headers)) list.push('Host', way.host);
  if (!('accept-encoding' in headers)) list.push('Accept-Encoding', 'identity');
  for (const name in headers) list.push(name, headers[name] ?? '');
  for (const name in way.headers) list.push(name, way.headers[name] ?? '');
  // RFC 9110, 8.6: where a method foresees a body, an empty one has a length too.
  if (body !== undefined || (method !== 'GET' && method !== 'DELETE')) list.push('Content-Length', String(body?.length ?? 0));
  return list;
}

/** @returns how to hear no more of it. */
function hearOfEnd(init: FetchInit, onEnd: (error: Error) => void): () => void {
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

/** Decoded in one go: piece by piece costs several times as much. */
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

function bodyOf(chunks: Uint8Array[]): AnswerBody {
  const read = (): Promise<{ value: Uint8Array | undefined }> => Promise.resolve({ value: chunks.shift() });
  return { getReader: () => ({ read, cancel: () => Promise.resolve() }) };
}
