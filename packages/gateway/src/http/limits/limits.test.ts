import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertError } from '../../../test/support/shapes.ts';
import { basic, openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';

const GRANT = { grant_type: 'client_credentials', scope: '*' };

let test: TestGateway;
let [shop, other]: Shop[] = [];
beforeAll(async () => {
  test = await openTestGateway({
    WEBPOS_TRUST_PROXY: '127.0.0.1',
    WEBPOS_RATE_LIMIT_CLIENT: '4',
    WEBPOS_RATE_LIMIT_FAILURES: '3',
    WEBPOS_RATE_LIMIT_PAGES: '2',
  });
  [shop, other] = [await test.newPos(), await test.newPos()];
});
afterAll(() => test[Symbol.asyncDispose]());

let addresses = 0;
/** An address that has sent nothing yet. */
function newAddress(): string {
  return `198.51.100.${++addresses}`;
}

function login(address: string, clientId: string, secret: string): Promise<Answer> {
  const headers = { authorization: basic(clientId, secret), 'x-forwarded-for': address };
  return test.call('POST', '/token', { headers, body: GRANT });
}

function get(path: string, address: string, token?: string): Promise<Answer> {
  return test.call('GET', path, { headers: { 'x-forwarded-for': address }, ...(token === undefined ? {} : { token }) });
}

async function times(count: number, ask: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let i = 0; i < count; i += 1) answers.push(await ask());
  return answers;
}

function statuses(answers: readonly Answer[]): number[] {
  return [...new Set(answers.map(({ status }) => status))];
}

function assertTooMany(answer: Answer | undefined): void {
  assertError(answer!, 429, '2000');
  expect(answer!.headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
}

describe('an address that is refused repeatedly', () => {
  it.each([
    ['wrong paths', (address: string) => get('/wp-login.php', address), 404],
    ['wrong tokens', (address: string) => get('/payment-order', address, 'x'), 401],
    ['no token', (address: string) => get('/payment-order', address), 401],
    ['unknown clients', (address: string) => login(address, `client-${Math.random()}`, 'x'), 401],
    ['paths that no router can parse', (address: string) => get('/payment-order/%zz', address), 404],
  ])('with %s gets 2000 and when to retry, and another one does not', async (_what, ask, status) => {
    const address = newAddress();
    expect(statuses(await times(30, () => ask(address)))).toEqual([status]);
    const later = await times(5, () => ask(address));
    expect(statuses(later).filter((each) => each !== status)).toEqual([429]);
    assertTooMany(later.find(({ status: each }) => each === 429));
    expect((await ask(newAddress())).status).toBe(status);
  });

  it('never affects a shop behind the same address: its login, its token, its orders', async () => {
    const address = newAddress();
    expect(statuses(await times(60, () => get('/nothing', address)))).toContain(429);
    expect((await login(address, other!.pos.clientId, other!.secret)).status).toBe(200);
    expect((await get('/payment-order', address, other!.token)).status).toBe(200);
    // Its own errors are reported as usual.
    assertError(await get('/payment-order/x', address, other!.token), 404, '3001');
  });

  it('with a wrong secret neither locks out that shop nor hides from another one that its own is wrong', async () => {
    const address = newAddress();
    const wrong = await times(12, () => login(address, shop!.pos.clientId, 'wrong'));
    expect(wrong.slice(0, 6).map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 401));
    assertTooMany(wrong.at(-1));
    expect((await login(address, shop!.pos.clientId, shop!.secret)).status).toBe(200);
    assertError(await login(address, other!.pos.clientId, 'wrong'), 401, '1001');
  });

  it('is counted by its /64 network if it is IPv6', async () => {
    let host = 0;
    await times(40, () => get('/nothing', `2001:db8:1:1::${(host += 1).toString(16)}`));
    assertTooMany(await get('/nothing', '2001:db8:1:1:ffff::1'));
    expect((await get('/nothing', '2001:db8:1:2::1')).status).toBe(404);
  });

  it('is not counted for an expired token, so that a busy shop can always log in again', async () => {
    const address = newAddress();
    const expired = await expiredToken();
    expect(statuses(await times(60, () => get('/payment-order', address, expired)))).toEqual([401]);
    expect((await get('/nothing', address)).status).toBe(404);
  });
});

describe('a client', () => {
  it('that exceeds its rate gets 2000 from any address, and another one at the same address does not', async () => {
    const { token, pos, secret } = await test.newPos();
    const answers = await times(60, () => get('/payment-order', newAddress(), token));
    expect(answers.slice(0, 40).every(({ status }) => status === 200)).toBe(true);
    assertTooMany(answers.find(({ status }) => status === 429));
    expect((await get('/payment-order', '198.51.100.250', other!.token)).status).toBe(200);
    expect((await login('198.51.100.250', pos.clientId, secret)).status).toBe(200);
  });
});

describe('checkout pages', () => {
  it('have a rate limit for each address', async () => {
    const address = newAddress();
    expect(statuses(await times(20, () => get('/checkout/x', address)))).toEqual([404]);
    assertTooMany((await times(3, () => get('/checkout/x', address))).at(-1));
    expect((await get('/checkout/x', newAddress())).status).toBe(404);
    expect((await get('/nothing', address)).status).toBe(404);
  });
});

it('health is never limited', async () => {
  const address = newAddress();
  await times(60, () => get('/nothing', address));
  expect(statuses(await times(100, () => get('/healthz', address)))).toEqual([200]);
});

/** A token from before the clock was advanced; the other shop gets a new one. */
async function expiredToken(): Promise<string> {
  const { token } = await test.newPos();
  test.clock.advance(40 * 86_400_000);
  const fresh = await login(newAddress(), other!.pos.clientId, other!.secret);
  other = { ...other!, token: (fresh.body as { access_token: string }).access_token };
  return token;
}
