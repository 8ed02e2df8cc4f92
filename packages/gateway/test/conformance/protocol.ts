/** Checks what is the same on every path: versions, media types, methods, unreadable bodies and authentication. */
import { connect } from 'node:net';
import { ENDPOINTS } from '../../src/api/openapi/endpoints.ts';
import type { Probe, ProbeAnswer } from './probe.ts';

const NOWHERE = '00000000-0000-4000-8000-000000000000';

export async function checkProtocol(probe: Probe, token: string): Promise<void> {
  for (const path of new Set(ENDPOINTS.map((endpoint) => endpoint.path))) await checkMethods(probe, path);
  for (const { method, path, security } of ENDPOINTS) {
    if (security !== 'bearer') continue;
    const [verb, where] = [method.toUpperCase(), path.replace('{uuid}', NOWHERE)];
    await probe.refused('3007', verb, where);
    await probe.refused('1007', verb, where, { token: 'abc' });
    await probe.refused('3013', verb, where, { token, headers: { accept: 'text/html' } });
    const version = await probe.refused('0001', verb, where, { token, headers: { 'x-api-version': 'v3' } });
    probe.same(`${verb} ${where}`, 'errors by field', fieldsOf(version), ['X-Api-Version']);
    if (path.includes('{uuid}'))
      await probe.refused('3001', verb, where, {
        token,
        ...(method === 'patch' ? { body: { callback: 'payment.completed' } } : {}),
      });
  }
  await probe.refused('3001', 'GET', '/nowhere', { token });
  for (const version of ['v1', 'v2']) {
    const { status } = await probe.ask('GET', '/payment-order', { token, headers: { 'x-api-version': version } });
    probe.same('GET /payment-order', `status for X-Api-Version ${version}`, status, 200);
  }
  await checkBodies(probe, token);
}

async function checkMethods(probe: Probe, path: string): Promise<void> {
  const where = path.replace('{uuid}', NOWHERE);
  const methods = ENDPOINTS.filter((endpoint) => endpoint.path === path).map(({ method }) => method.toUpperCase());
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    if (methods.includes(method) || (method === 'HEAD' && methods.includes('GET'))) continue;
    const answer = method === 'HEAD' ? await probe.ask(method, where) : await probe.refused('3003', method, where);
    probe.same(`${method} ${path}`, 'status', answer.status, 405);
    const allow = (answer.headers.get('allow') ?? '').split(', ');
    for (const taken of methods)
      if (!allow.includes(taken)) probe.found(`${method} ${path}`, `Allow does not name ${taken}: ${allow.join(', ')}`);
    if (allow.includes(method)) probe.found(`${method} ${path}`, `Allow names the method that was refused: ${allow.join(', ')}`);
  }
  const options = await probe.ask('OPTIONS', where);
  const allowed = (options.headers.get('allow') ?? '').split(', ');
  if (![204, 405].includes(options.status)) probe.found(`OPTIONS ${path}`, `status: expected 204 or 405, got ${options.status}`);
  for (const taken of methods) if (!allowed.includes(taken)) probe.found(`OPTIONS ${path}`, `Allow does not name ${taken}`);
  if (options.headers.has('access-control-allow-origin')) probe.found(`OPTIONS ${path}`, 'pages of other sites are allowed');
}

async function checkBodies(probe: Probe, token: string): Promise<void> {
  const json = { 'content-type': 'application/json' };
  for (const body of [
    '',
    '{',
    '{"amount":',
    '{"amount":"10.00",}',
    "{'amount':'10.00'}",
    'null',
    '[]',
    '"text"',
    '1',
    '[[[[[[',
    '{"amount":"10.00"}{}',
  ])
    await probe.refused('0001', 'POST', '/payment-order', { token, headers: json, body });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
    await probe.refused('3012', 'POST', '/payment-order', {
      token,
      headers: { 'content-type': type },
      body: '{"amount":"10.00"}',
    });
  await probe.refused('0001', 'POST', '/payment-order', { token, body: { amount: '10.00', details: 'x'.repeat(70_000) } }, 413);
  // The older clients send a Content-Type even without a body.
  const { status } = await probe.ask('GET', '/payment-order', { token, headers: json });
  probe.same('GET /payment-order', 'status with Content-Type and no body', status, 200);

  const head = (length: number): string[] => [
    'POST /payment-order HTTP/1.1',
    'Host: test',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${length}`,
  ];
  const doubled = await overSocket(probe, [...head(18), 'Content-Length: 17', 'Connection: close'], '{"amount":"10.00"}');
  probe.isError('POST /payment-order with two lengths', doubled, '0001', 400);
  const noHost = await overSocket(probe, ['GET /payment-order HTTP/1.1', 'Connection: close'], '');
  probe.isError('a request without Host', noHost, '0001', 400);
  // Truncated: the server must neither wait for ever nor create an order.
  const cut = await overSocket(probe, [...head(100), 'Connection: close'], '{"amount":"10.00"}', { end: true });
  if (cut.status !== 0) probe.isError('a truncated POST /payment-order', cut, '0001', 400);
}

function fieldsOf({ body }: ProbeAnswer): string[] {
  const { errors } = (body ?? {}) as { errors?: object };
  return Object.keys(errors ?? {});
}

/** Sends raw bytes. The status is 0 if the server closes the connection without an answer. */
async function overSocket(
  probe: Probe,
  lines: readonly string[],
  body: string,
  how: { end?: boolean } = {},
): Promise<ProbeAnswer> {
  const { hostname, port } = new URL(probe.baseUrl);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.setTimeout(5_000, () => socket.destroy());
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  if (how.end === true) socket.end();
  let text = '';
  try {
    for await (const part of socket.setEncoding('utf8')) text += String(part);
  } catch {
    // The connection was closed: what was received before counts.
  }
  socket.destroy();
  const [top = '', content = ''] = text.split('\r\n\r\n');
  const [first = '', ...headers] = top.split('\r\n');
  const status = Number(first.split(' ')[1] ?? 0);
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    parsed = undefined;
  }
  return {
    status,
    headers: new Headers(headers.map((line) => line.split(': ', 2) as [string, string])),
    text: content,
    body: parsed,
  };
}
