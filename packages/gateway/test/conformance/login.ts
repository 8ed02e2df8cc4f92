/** Checks `POST /token`. */
import { LoginResponseSchema } from '../../src/api/schemas/token.ts';
import type { Probe } from './probe.ts';
import type { ShopCredentials } from './target.ts';

const VALID = { grant_type: 'client_credentials', scope: '*' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function basic({ clientId, secret }: ShopCredentials): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` };
}

/** Logs a shop in and returns its access token. A failed login is a finding and returns an empty token. */
export async function tokenOf(probe: Probe, shop: ShopCredentials): Promise<string> {
  const login = await probe.expect(200, LoginResponseSchema, 'POST', '/token', { headers: basic(shop), body: VALID });
  return login?.body.access_token ?? '';
}

export async function checkLogin(probe: Probe, shop: ShopCredentials): Promise<void> {
  const login = await probe.expect(200, LoginResponseSchema, 'POST', '/token', {
    headers: { ...basic(shop), ...FORM },
    body: 'grant_type=client_credentials&scope=*',
  });
  if (login !== undefined) {
    if (!/no-store/.test(login.answer.headers.get('cache-control') ?? ''))
      probe.found('POST /token', 'a token without Cache-Control: no-store');
    const claims = Buffer.from(login.body.id_token.split('.')[1] ?? '', 'base64url').toString();
    if (!claims.startsWith('{')) probe.found('POST /token', 'id_token: its second part is not a JSON object');
    if (login.body.expires_in < 1) probe.found('POST /token', 'expires_in: the token has expired');
  }
  const ask = (headers: Readonly<Record<string, string>>, body: unknown = VALID) => ({ headers, body });
  await probe.refused('1001', 'POST', '/token', ask(basic({ ...shop, secret: `${shop.secret}x` })));
  await probe.refused('1001', 'POST', '/token', ask(basic({ ...shop, clientId: 'nobody' })));
  await probe.refused('1002', 'POST', '/token', ask(basic(shop), { ...VALID, grant_type: 'password' }));
  await probe.refused('1002', 'POST', '/token', ask(basic(shop), {}));
  await probe.refused('1013', 'POST', '/token', ask(basic(shop), { ...VALID, scope: 'orders' }));
  await probe.refused('3007', 'POST', '/token', ask({}));
  await probe.refused('3007', 'POST', '/token', ask({ authorization: 'Bearer abc' }));
  await probe.refused(
    '3012',
    'POST',
    '/token',
    ask({ ...basic(shop), 'content-type': 'text/plain' }, 'grant_type=client_credentials'),
  );
  await probe.refused('3003', 'GET', '/token');
}
