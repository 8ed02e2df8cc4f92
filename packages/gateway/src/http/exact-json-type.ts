/**
 * Writes `Content-Type: application/json` in exactly this form, as the contract requires: the Java client looks the name up with these
 * capitals and compares the whole value. Fastify writes names in lower case and adds a charset.
 *
 * The header is changed where Node writes the head. If it were set on Node's response before, Node would set all other headers one by
 * one too, which costs each response several microseconds.
 */
import { ServerResponse, type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders } from 'node:http';

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[];

const EXACT = 'application/json';

export class ExactJsonTypeResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  override writeHead(status: number, reason?: string | Headers, headers?: Headers): this {
    if (typeof reason === 'string') return super.writeHead(status, reason, withExactType(headers));
    return super.writeHead(status, withExactType(reason ?? headers));
  }
}

/** Returns headers by name as a list of names and values; other forms as they are. */
function withExactType(headers: Headers | undefined): Headers | undefined {
  if (headers === undefined || Array.isArray(headers) || !isJson(headers['content-type'])) return headers;
  const list: OutgoingHttpHeader[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (name === 'content-type') list.push('Content-Type', EXACT);
    else if (value !== undefined) list.push(name, value);
  }
  return list;
}

function isJson(type: OutgoingHttpHeader | undefined): boolean {
  return type === EXACT || type === `${EXACT}; charset=utf-8`;
}
