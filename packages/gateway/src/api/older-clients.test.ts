/** What the platform's older client libraries and generic OAuth 2 clients rely on, byte for byte where they compare bytes. */
import { connect as connectTls } from 'node:tls';
import { connect } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../test/support/make-certificate.ts';
import { assertError } from '../../test/support/shapes.ts';
import { openTestGateway, type Shop, type TestGateway } from '../../test/support/test-gateway.ts';

let test: TestGateway;
let shop: Shop;
beforeAll(async () => {
  test = await openTestGateway();
  shop = await test.newPos();
});
afterAll(() => test[Symbol.asyncDispose]());

/** Returns the raw response, head and body. */
function exchange(lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(test.gateway.url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname);
    socket.on('data', (chunk) => (text += chunk.toString())).on('end', () => resolve(text));
    socket.on('error', reject);
    socket.write(lines.join('\r\n'));
  });
}
const head = (start: string, ...more: readonly string[]): string[] => [start, 'Host: a', 'Connection: close', ...more, '', ''];

describe('the Content-Type of a JSON response has the name and value that the Java client compares', () => {
  const basic = (): string => `Authorization: Basic ${Buffer.from(`${shop.pos.clientId}:${shop.secret}`).toString('base64')}`;
  it.each<readonly [string, () => readonly string[]]>([
    [
      'the login',
      () => [
        ...head('POST /token HTTP/1.1', basic(), 'Content-Type: application/json', 'Content-Length: 52').slice(0, -1),
        '{"grant_type":"client_credentials","scope":"*"}     ',
      ],
    ],
    ['a list', () => head('GET /payment-order HTTP/1.1', `Authorization: Bearer ${shop.token}`)],
    ['an error', () => head('GET /nothing HTTP/1.1')],
    ['an invalid path', () => head('GET /payment-order/%zz HTTP/1.1')],
    ['a segment that is too long', () => head(`GET /payment-order/${'x'.repeat(300)} HTTP/1.1`)],
    ['what is no HTTP', () => head('GET / HTTP/1.1', 'a b: c')],
    ['the metadata', () => head('GET /.well-known/oauth-authorization-server HTTP/1.1')],
    ['the document', () => head('GET /openapi.json HTTP/1.1')],
  ])('for %s', async (_, request) => {
    const answer = await exchange(request());
    expect(answer.split('\r\n').filter((line) => /^content-type:/i.test(line))).toEqual(['Content-Type: application/json']);
  });
});

describe('an event for the sandbox', () => {
  const trigger = async (body: unknown) => {
    const made = await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00' } });
    const { uuid } = made.body as { uuid: string };
    return test.call('PATCH', `/payment-order/${uuid}/test/`, { token: shop.token, body });
  };
  it.each(['payment.unheard', '', 'PAYMENT.COMPLETED'])('is refused with 0013 if it does not exist: %j', async (callback) => {
    assertError(await trigger({ callback }), 400, '0013');
  });
  it.each([{}, { callback: null }, { callback: 7 }, { callback: ['payment.completed'] }])(
    'is refused with 0001 if it is not a string: %j',
    async (body) => {
      const answer = await trigger(body);
      assertError(answer, 400, '0001');
      expect(answer.body).toHaveProperty('errors.callback');
    },
  );
  it('gets a response with a body, because the PHP and Java clients fail without one', async () => {
    const answer = await trigger({ callback: 'payment.completed' });
    expect([answer.status, answer.text]).toEqual([200, '{}']);
  });
});

describe('a client that offers http/1.0 by ALPN', () => {
  it.each([
    [['http/1.0'], 'http/1.0'],
    [['http/1.1', 'http/1.0'], 'http/1.1'],
  ])('gets a response: %j', async (offered, chosen) => {
    const folder = await mkdtemp(join(tmpdir(), 'webpos-alpn-'));
    const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
    await makeCertificate(files, 'gateway');
    await using secure = await openTestGateway({
      WEBPOS_TLS_CERT_FILE: files.certFile,
      WEBPOS_TLS_KEY_FILE: files.keyFile,
    });
    const { hostname, port } = new URL(secure.gateway.url);
    const protocol = await new Promise((resolve, reject) => {
      const socket = connectTls(
        { host: hostname, port: Number(port), ALPNProtocols: [...offered], rejectUnauthorized: false },
        () => {
          resolve(socket.alpnProtocol);
          socket.destroy();
        },
      );
      socket.on('error', reject);
    });
    expect(protocol).toBe(chosen);
    await rm(folder, { recursive: true });
  });
});

describe('a generic OAuth 2 client', () => {
  // Such a client checks the id token against the real time.
  beforeAll(() => test.clock.advance(Date.now() - test.clock.now()));

  it('logs in with openid-client and the metadata', async () => {
    const config = await openid.discovery(
      new URL(test.gateway.url),
      shop.pos.clientId,
      undefined,
      openid.ClientSecretBasic(shop.secret),
      { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] },
    );
    const answer = await openid.clientCredentialsGrant(config, { scope: '*' });
    const read = await fetch(`${test.gateway.url}/payment-order`, {
      headers: { authorization: `Bearer ${answer.access_token}` },
    });
    expect(read.status).toBe(200);
  });

  it('logs in with oauth4webapi and the metadata', async () => {
    const issuer = new URL(test.gateway.url);
    const insecure = { [oauth.allowInsecureRequests]: true };
    const discovered = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
    const server = await oauth.processDiscoveryResponse(issuer, discovered);
    const client = { client_id: shop.pos.clientId };
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      oauth.ClientSecretBasic(shop.secret),
      new URLSearchParams({ scope: '*' }),
      insecure,
    );
    expect((await oauth.processClientCredentialsResponse(server, client, response)).access_token).toMatch(/./);
  });

  it('logs in to a gateway below a path, with either form of the well-known URL', async () => {
    await using below = await openTestGateway({ WEBPOS_PUBLIC_URL: 'https://shop.example/pay/' });
    for (const path of ['/.well-known/oauth-authorization-server/pay', '/pay/.well-known/oauth-authorization-server']) {
      const answer = await below.call('GET', path);
      expect([answer.status, answer.body]).toMatchObject([
        200,
        { issuer: 'https://shop.example/pay', token_endpoint: 'https://shop.example/pay/token' },
      ]);
    }
    assertError(await below.call('GET', '/.well-known/oauth-authorization-server/other'), 404, '3001');
  });

  it('is told which credentials are expected', async () => {
    const challenge = async (method: string, path: string, headers: Record<string, string> = {}) =>
      (await test.call(method, path, { headers })).headers.get('www-authenticate');
    expect(await challenge('POST', '/token', { 'content-type': 'application/json' })).toBe(
      'Basic realm="webpos", charset="UTF-8"',
    );
    expect(await challenge('GET', '/payment-order')).toBe('Bearer realm="webpos"');
    expect(await challenge('GET', '/payment-order', { authorization: 'Bearer x' })).toBe(
      'Bearer realm="webpos", error="invalid_token"',
    );
  });
});
