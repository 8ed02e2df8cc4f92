import type { ApiRequest, RequestMethod } from './api-request.ts';
import { throwIfInvalid } from '../checks/check-fields.ts';

/**
 * Makes a call of what the caller wants to send.
 *
 * @throws ValidationError when the path cannot be sent as it is, and for the body of a GET.
 */
export function customRequest<T>(method: RequestMethod, path: string, body: unknown): ApiRequest<T> {
  const [pathname = '', query = ''] = path.split(/(?=\?)(.*)/s);
  throwIfInvalid(method, pathname, {
    // What `fetch` would change, such as `/../` and spaces, goes to another path than the errors name, and could go to another host.
    path: new URL(`http://a${pathname}`).pathname !== pathname && 'must be an escaped path',
    body: body !== undefined && method === 'GET' && 'must be left out of a GET',
  });
  // RFC 9110, 9.2.2: the methods of which two requests do no more than one.
  const repeatable = /^(GET|PUT|DELETE)$/.test(method);
  return { method, path: pathname, query, body: JSON.stringify(body), repeatable, answer: {}, mayBeEmpty: true };
}
