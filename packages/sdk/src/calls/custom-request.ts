import type { ApiRequest, RequestMethod } from './api-request.ts';
import { throwIfInvalid } from '../checks/check-fields.ts';

/**
 * Makes a request from the caller's method, path and body.
 *
 * @throws ValidationError if the path is not percent-encoded, or a GET has a body.
 */
export function customRequest<T>(method: RequestMethod, path: string, body: unknown): ApiRequest<T> {
  const [pathname = '', query = ''] = path.split(/(?=\?)(.*)/s);
  throwIfInvalid(method, pathname, {
    // `fetch` would rewrite such a path (`/../`, spaces): it would differ from the path in errors, and could reach another host.
    path: new URL(`http://a${pathname}`).pathname !== pathname && 'must be an escaped path',
    body: body !== undefined && method === 'GET' && 'must be left out of a GET',
  });
  // RFC 9110, 9.2.2: the idempotent methods.
  const repeatable = /^(GET|PUT|DELETE)$/.test(method);
  return { method, path: pathname, query, body: JSON.stringify(body), repeatable, answer: {}, mayBeEmpty: true };
}
