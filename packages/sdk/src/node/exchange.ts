import type { AnswerBody, FetchAnswer, FetchInit } from '../fetch.ts';
import { MAX_ANSWER_BYTES } from '../read-text.ts';
import { codeOf } from '../redact.ts';
import type { Way } from './way.ts';

const decoder = new TextDecoder();

/**
 * Sends one request and reads its answer to the end, or to where it is too long.
 *
 * @param host what stands in the Host header.
 * @param mayRepeat whether it may go out again after a kept connection turned out to be dead.
 */
export async function exchange(way: Way, host: string, init: FetchInit, mayRepeat: boolean): Promise<FetchAnswer> {
  const { module, agent, place, path } = way;
  const { method, body, signal } = init;
  return await new Promise((resolve, reject) => {
    const headers = { Host: host, 'Accept-Encoding': 'identity', ...init.headers, ...way.headers };
    let hasAnswer = false;
    const request = module.request({ ...place, path, method, headers, agent, tunnelSignal: signal }, (response) => {
      hasAnswer = true;
      const chunks: Uint8Array[] = [];
      let length = 0;
      const finish = (): void => {
        signal.removeEventListener('abort', onAbort);
        const get = (name: string): string | null => response.headers[name.toLowerCase()]?.toString() ?? null;
        // What is too long is given piece by piece, so that whoever reads it sees where it gets so.
        const body = length > MAX_ANSWER_BYTES ? bodyOf(chunks) : null;
        resolve({ status: response.statusCode, headers: { get }, body, text: () => Promise.resolve(textOf(chunks)) });
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
    const onAbort = (): void => request.destroy(signal.reason as Error);
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted) return reject(signal.reason as Error);
      const isStale = request.reusedSocket && !hasAnswer && /^(ECONNRESET|EPIPE)$/.test(codeOf(error) ?? '');
      if (!isStale || !mayRepeat) return reject(error);
      // The others that wait have likely been closed as well.
      for (const sockets of Object.values(agent.freeSockets ?? {})) sockets?.forEach((socket) => socket.destroy());
      resolve(exchange(way, host, init, false));
    };
    request.on('error', fail);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    request.end(body);
  });
}

function textOf(chunks: readonly Uint8Array[]): string {
  let text = '';
  for (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

function bodyOf(chunks: Uint8Array[]): AnswerBody {
  const read = (): Promise<{ value: Uint8Array | undefined }> => Promise.resolve({ value: chunks.shift() });
  return { getReader: () => ({ read, cancel: () => Promise.resolve() }) };
}
