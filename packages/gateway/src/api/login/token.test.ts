import { createPublicKey, verify, webcrypto } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertError, is, problems, oneOf } from '../../../test/support/shapes.ts';
import { basic, openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';
import { parseId, type PosId } from '../../kernel/ids.ts';
import { issueAccessToken } from '../../security/access-token.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { seal } from '../../security/seal.ts';
import { switchPos } from '../../services/merchants/change-pos.ts';
import { completeRotation, startRotation } from '../../services/merchants/rotate-secret.ts';
import { createServer } from '../server.ts';
import { HOUR_MS } from '../../kernel/durations.ts';

let test: TestGateway;
let shop: Shop;
beforeAll(async () => {
  test = await openTestGateway();
  shop = await test.newPos();
});
afterAll(() => test[Symbol.asyncDispose]());

const GRANT = { grant_type: 'client_credentials', scope: '*' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const LOGIN = {
  access_token: is.filled,
  token_type: oneOf('Bearer'),
  expires_in: is.integer,
  id_token: (token: unknown) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(String(token)),
  'scope?': oneOf('*', null),
};

function login(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return test.call('POST', '/token', { body, headers: { authorization: basic(shop.pos.clientId, shop.secret), ...headers } });
}

describe('a login with the right secret', () => {
  it.each([
    ['as a form, as OAuth 2 has it', 'grant_type=client_credentials&scope=*', FORM],
    ['as a form with its star escaped', 'grant_type=client_credentials&scope=%2A', FORM],
    ['as a form in UTF-8', 'scope=*&grant_type=client_credentials', { 'content-type': `${FORM['content-type']}; charset=UTF-8` }],
    ['as JSON, as the WooCommerce plugin does it', GRANT, {}],
    ['without a scope', 'grant_type=client_credentials', FORM],
    ['with unknown fields', { ...GRANT, audience: 'me' }, {}],
    ['with version v2, as the PHP client says it', GRANT, { 'x-api-version': 'v2' }],
  ])('gets a token in exactly the form of the contract: %s', async (_how, body, headers) => {
    const answer = await login(body, headers);
    expect(answer.status).toBe(200);
    expect(problems(answer.body, LOGIN)).toEqual([]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('webpos-mode')).toBe('sandbox');
    expect(answer.headers.get('x-request-id')).toSatisfy(is.uuid);
  });

  it('gets a token that is valid until it expires', async () => {
    const { access_token: token, expires_in: lifeS } = (await login(GRANT)).body as { access_token: string; expires_in: number };
    const order = (await test.call('POST', '/payment-order', { token, body: { amount: '10.00' } })).body as { uuid: string };
    test.clock.advance(lifeS * 1000 - 1);
    expect((await test.call('GET', `/payment-order/${order.uuid}`, { token })).status).toBe(200);
    test.clock.advance(1);
    assertError(await test.call('GET', `/payment-order/${order.uuid}`, { token }), 401, '1004');
  });

  it('gets a signed id token about this POS', async () => {
    const { id_token: idToken } = (await login(GRANT)).body as { id_token: string };
    const [header, claims] = idToken.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    expect(JSON.parse(header!)).toMatchObject({ alg: 'EdDSA', typ: 'JWT' });
    expect(JSON.parse(claims!)).toMatchObject({ iss: test.gateway.url, sub: shop.pos.id, aud: shop.pos.clientId });
  });
});

describe('a login', () => {
  it.each([
    ['with a wrong secret', () => basic(shop.pos.clientId, 'wrong')],
    ['with the secret cut short', () => basic(shop.pos.clientId, shop.secret.slice(0, -1))],
    ['with characters after the secret', () => basic(shop.pos.clientId, `${shop.secret}:`)],
    ['with an empty secret', () => basic(shop.pos.clientId, '')],
    ['for an unknown client', () => basic('0'.repeat(32), shop.secret)],
    ['for a nonexistent client, with no secret', () => basic('0'.repeat(32), '')],
    ['for no client', () => basic('', shop.secret)],
    ['for the id of the POS in place of its client id', () => basic(shop.pos.id, shop.secret)],
  ])('%s is refused with 1001', async (_why, authorization) => {
    const answer = await login(GRANT, { authorization: authorization() });
    assertError(answer, 401, '1001');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
  });

  it('with the secret of another POS is refused with 1001', async () => {
    const other = await test.newPos();
    assertError(await login(GRANT, { authorization: basic(shop.pos.clientId, other.secret) }), 401, '1001');
  });

  it.each([
    ['of another kind', { ...GRANT, grant_type: 'password' }, {}],
    ['that is missing', { scope: '*' }, {}],
    ['that is repeated', 'grant_type=client_credentials&grant_type=client_credentials&scope=*', FORM],
    ['that is not a string', { ...GRANT, grant_type: ['client_credentials'] }, {}],
    ['in no body', undefined, {}],
    ['in an empty form', '', FORM],
    ['in a body that is an array', ['grant_type'], {}],
    ['in a body that is null', null, {}],
  ])('with a grant %s is refused with 1002', async (_why, body, headers) => {
    assertError(await login(body, headers), 400, '1002');
  });

  it.each([
    ['unknown', { ...GRANT, scope: 'orders' }, {}],
    ['empty', { ...GRANT, scope: '' }, {}],
    ['null', { ...GRANT, scope: null }, {}],
    ['repeated', 'grant_type=client_credentials&scope=*&scope=*', FORM],
  ])('with a scope that is %s is refused with 1013', async (_what, body, headers) => {
    assertError(await login(body, headers), 400, '1013');
  });

  it.each([
    ['missing', ''],
    ['a Bearer', 'Bearer abc'],
    ['Basic alone', 'Basic'],
    ['Basic with nothing', 'Basic  '],
    ['no base64', 'Basic ???'],
    ['base64 without a colon', `Basic ${Buffer.from('abc').toString('base64')}`],
    ['in two parts', 'Basic YTpi YTpi'],
    ['for a client id with control characters', basic('a\0b', 'c')],
    ['for a secret with a line break', basic('a', 'b\r\nX-Evil: 1')],
  ])('with an Authorization header that is %s is refused with 3007', async (_what, authorization) => {
    assertError(await login(GRANT, { authorization }), 401, '3007');
  });

  it('of a disabled POS is refused with 1001, and its tokens with 1007', async () => {
    const off = await switchedOff();
    assertError(await login(GRANT, { authorization: basic(off.clientId, off.secret) }), 401, '1001');
    assertError(await test.call('GET', '/payment-order/x', { token: off.token }), 401, '1007');
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])(
    'with the method %s is refused with 3003 and the allowed methods',
    async (method) => {
      const answer = await test.call(method, '/token');
      assertError(answer, 405, '3003');
      expect(answer.headers.get('allow')).toBe('OPTIONS, POST');
    },
  );
});

it('a gateway with the key file of another one refuses every login, and logs why', async () => {
  const { context } = test.gateway;
  const faults: unknown[] = [];
  const server = await createServer({
    context: Object.defineProperty({ ...context }, 'keys', { value: deriveKeys(new Uint8Array(32)) }),
    sandbox: true,
    health: () => test.gateway.health(),
    log: { info: () => {}, error: ({ err }) => void faults.push(err) },
  });
  const headers = { authorization: basic(shop.pos.clientId, shop.secret) };
  const answer = await server.inject({ method: 'POST', url: '/token', headers, payload: GRANT });
  expect(answer.statusCode).toBe(500);
  expect(answer.json()).toMatchObject({ error_code: '4000' });
  expect(faults.join()).toContain('KEY_FILE is not the one that it was sealed with');
  expect(answer.body + faults.join()).not.toContain(shop.secret);
  await server.close();
});

describe('the rotation of a secret', () => {
  const tokenBy = async ({ pos }: Shop, secret: string): Promise<string> => {
    const answer = await login(GRANT, { authorization: basic(pos.clientId, secret) });
    expect(answer.status).toBe(200);
    return (answer.body as { access_token: string }).access_token;
  };
  const ask = (token: string): Promise<Answer> => test.call('GET', '/payment-order', { token });

  it('accepts both secrets and their tokens until it is completed, and then only the new ones', async () => {
    const { context } = test.gateway;
    const rotated = await test.newPos();
    const { secret } = await startRotation(context, rotated.pos.id);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    const [oldToken, newToken] = [await tokenBy(rotated, rotated.secret), await tokenBy(rotated, secret)];
    for (const token of [rotated.token, oldToken, newToken]) expect((await ask(token)).status).toBe(200);

    await completeRotation(context, rotated.pos.id);
    for (const token of [rotated.token, oldToken]) assertError(await ask(token), 401, '1004');
    expect((await ask(newToken)).status).toBe(200);
    expect((await ask(await tokenBy(rotated, secret))).status).toBe(200);
    assertError(await login(GRANT, { authorization: basic(rotated.pos.clientId, rotated.secret) }), 401, '1001');
  });

  it('is completed automatically after a day', async () => {
    const { context } = test.gateway;
    const rotated = await test.newPos();
    const { secret, endsAt } = await startRotation(context, rotated.pos.id);
    expect(endsAt).toBe(test.clock.now() + 24 * HOUR_MS);
    test.clock.advance(24 * HOUR_MS - 1);
    const [oldToken, newToken] = [await tokenBy(rotated, rotated.secret), await tokenBy(rotated, secret)];
    expect((await ask(oldToken)).status).toBe(200);
    test.clock.advance(1);
    assertError(await ask(oldToken), 401, '1004');
    expect((await ask(newToken)).status).toBe(200);
    assertError(await login(GRANT, { authorization: basic(rotated.pos.clientId, rotated.secret) }), 401, '1001');
    await expect(completeRotation(context, rotated.pos.id)).rejects.toThrow(/has ended by itself after a day/);
    // The valid secret is the old one of the next rotation.
    const next = await startRotation(context, rotated.pos.id);
    for (const token of [newToken, await tokenBy(rotated, secret), await tokenBy(rotated, next.secret)])
      expect((await ask(token)).status).toBe(200);
  });

  it('cannot start twice, and cannot be completed before it starts', async () => {
    const { context } = test.gateway;
    const { pos } = await test.newPos();
    await expect(completeRotation(context, pos.id)).rejects.toThrow(`expected one whose secret is being rotated, got ${pos.id}`);
    await startRotation(context, pos.id);
    await expect(startRotation(context, pos.id)).rejects.toThrow(`the secret of ${pos.id} is already being rotated, until 20`);
    const missing = parseId<PosId>(context.newUuid());
    await expect(startRotation(context, missing)).rejects.toThrow(`no POS with id ${missing}`);
    await expect(completeRotation(context, missing)).rejects.toThrow('no POS');
  });

  it('refuses to start with another key file, whose secret the gateway could not open', async () => {
    const { context } = test.gateway;
    const { pos } = await test.newPos();
    const other = { store: context.store, clock: context.clock, keys: deriveKeys(new Uint8Array(32)) };
    await expect(startRotation(other, pos.id)).rejects.toThrow('KEY_FILE is not the one');
    expect(await context.store.pos.get(pos.id)).toEqual(pos);
  });

  it('keeps both secrets but no token when the POS is disabled and enabled', async () => {
    const { context } = test.gateway;
    const rotated = await test.newPos();
    const { secret } = await startRotation(context, rotated.pos.id);
    const tokens = [rotated.token, await tokenBy(rotated, secret)];
    await switchPos(context, rotated.pos.id, false);
    for (const token of tokens) assertError(await ask(token), 401, '1007');
    assertError(await login(GRANT, { authorization: basic(rotated.pos.clientId, secret) }), 401, '1001');
    await switchPos(context, rotated.pos.id, true);
    for (const token of tokens) assertError(await ask(token), 401, '1004');
    for (const good of [rotated.secret, secret]) expect((await ask(await tokenBy(rotated, good))).status).toBe(200);
  });
});

describe('the published key', () => {
  it('verifies an id token, in OpenSSL and in WebCrypto', async () => {
    const { id_token: idToken } = (await login(GRANT)).body as { id_token: string };
    const published = await test.call('GET', '/.well-known/jwks.json');
    expect(published.status).toBe(200);
    expect(published.headers.get('content-type')).toBe('application/jwk-set+json');
    expect(published.headers.get('cache-control')).toBe('public, max-age=3600');

    const [header, claims, signature] = idToken.split('.') as [string, string, string];
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    const { keys } = published.body as { keys: { kid: string; x: string }[] };
    const jwk = keys.find((key) => key.kid === kid)!;
    expect(jwk).toEqual({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid, x: expect.any(String) as unknown });
    const bytes = Buffer.from(signature, 'base64url');
    const webKey = await webcrypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['verify']);
    const signed = async (text: string): Promise<boolean[]> => [
      verify(null, Buffer.from(text), createPublicKey({ key: jwk, format: 'jwk' }), bytes),
      await webcrypto.subtle.verify('Ed25519', webKey, bytes, Buffer.from(text)),
    ];
    expect(await signed(`${header}.${claims}`)).toEqual([true, true]);
    expect(await signed(`${header}.${claims.slice(0, -1)}`)).toEqual([false, false]);
    // Nothing of the private key.
    expect(published.text).not.toContain(Buffer.from(test.gateway.context.keys.idToken).toString('base64url'));
  });
});

/** Creates a disabled POS with a correct secret. */
async function switchedOff(): Promise<{ clientId: string; secret: string; token: string }> {
  const { store, keys, newUuid } = test.gateway.context;
  const id = parseId<PosId>(newUuid());
  const clientId = 'f'.repeat(32);
  await store.transaction((tx) =>
    tx.pos.insert({ ...shop.pos, id, clientId, active: false, sealedSecret: seal('right', id, keys.seal) }),
  );
  return {
    clientId,
    secret: 'right',
    token: issueAccessToken({ posId: id, generation: shop.pos.generation }, test.clock.now(), keys.accessToken),
  };
}
