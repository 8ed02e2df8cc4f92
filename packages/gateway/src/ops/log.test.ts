import { describe, expect, it, vi } from 'vitest';
import { startFakeNode } from '../../test/support/fake-node.ts';
import { basic, openTestGateway } from '../../test/support/test-gateway.ts';
import { createLog } from './log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let lines = '';
  write(createLog('trace', { write: (line) => void (lines += line) }));
  return lines;
}

describe('the log', () => {
  it('consists of JSON lines with the time and the name of the level', () => {
    const [line] = logged((log) => log.warn({ order: 'x' }, 'late')).split('\n');
    expect(JSON.parse(line!)).toEqual({ level: 'warn', time: expect.stringMatching(/Z$/) as unknown, order: 'x', msg: 'late' });
  });

  it.each(['authorization', 'secret', 'password', 'access_token', 'id_token', 'cookie'])(
    'redacts a field named %s up to two levels down',
    (name) => {
      const lines = logged((log) => {
        log.info({ [name]: 'hush-1', one: { [name]: 'hush-2', two: { [name]: 'hush-3' } } }, 'message');
      });
      expect(lines).not.toContain('hush');
      expect(lines).toContain('[secret]');
    },
  );

  it('drops lines below its level', () => {
    let lines = '';
    createLog('warn', { write: (line) => void (lines += line) }).info('hello');
    expect(lines).toBe('');
  });
});

describe('the log of a gateway at the lowest level', () => {
  it('contains no secret or token of a shop, whatever goes wrong', async () => {
    await using test = await openTestGateway({ WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' });
    const shop = await test.newPos();
    const authorization = basic(shop.pos.clientId, shop.secret);
    const login = await test.call('POST', '/token', { headers: { authorization }, body: { grant_type: 'client_credentials' } });
    const { access_token: accessToken, id_token: idToken } = login.body as { access_token: string; id_token: string };
    const wrong = 'a-secret-that-is-wrong';
    await test.call('POST', '/token', { headers: { authorization: basic(shop.pos.clientId, wrong) }, body: '{"grant' });
    await test.call('GET', `/payment-order?access_token=${accessToken}`, { token: `${accessToken}x` });
    await test.call('PUT', `/checkout/%zz?secret=${shop.secret}`, { headers: { cookie: shop.secret } });
    const callback = 'http://127.0.0.1:9/callback';
    const made = await test.call('POST', '/payment-order', {
      token: accessToken,
      body: { amount: '10.00', required_confirmations: 0, callback_url: callback },
    });
    const { uuid } = made.body as { uuid: string };
    await test.call('POST', `/checkout/${uuid}/sandbox/pay`, {});
    await vi.waitFor(() => expect(test.logLines.join('')).toContain('callback: not delivered'), { timeout: 60_000 });
    // An internal error, which is logged in full.
    await test.gateway.context.store.close();
    expect((await test.call('GET', `/payment-order/${uuid}`, { token: accessToken })).status).toBe(500);
    await vi.waitFor(() => expect(test.logLines.join('')).toContain('request failed'), { timeout: 60_000 });

    const output = test.logLines.join('');
    expect(test.logLines.length).toBeGreaterThan(6);
    const stored = [shop.pos.sealedSecret, ...Object.values(test.gateway.context.keys).map((key: Uint8Array) => hex(key))];
    for (const secret of [shop.secret, accessToken, idToken, wrong, authorization.slice(6), ...stored]) {
      expect(output).not.toContain(secret);
      expect(output).not.toContain(secret.slice(0, 20));
    }
  });

  it('does not contain the password of the node when the node answers, fails and recovers', async () => {
    const password = 'pass/word?#@:%é-of-the-node';
    await using node = await startFakeNode({ password });
    await using test = await openTestGateway({ WEBPOS_CHAIN: 'bitcoind', WEBPOS_BITCOIND_URL: node.url, WEBPOS_OPS_PORT: '0' });
    await vi.waitFor(() => expect(test.gateway.health().ready).toBe(true), { timeout: 60_000 });
    node.isAway = true;
    await vi.waitFor(() => expect(test.gateway.health().ready).toBe(false), { timeout: 60_000 });
    expect(await test.call('GET', '/readyz')).toMatchObject({ status: 503, body: { ready: false } });
    const answer = await fetch(`${test.gateway.opsUrl}/readyz`);
    const ready = await answer.text();
    expect(answer.status).toBe(503);
    expect(JSON.parse(ready)).toMatchObject({ ready: false, chain: { trouble: expect.stringContaining('503') as unknown } });
    await vi.waitFor(() => expect(test.logLines.join('')).toContain('watcher: failed'), { timeout: 60_000 });
    node.isAway = false;
    await vi.waitFor(() => expect(test.gateway.health().ready).toBe(true), { timeout: 60_000 });

    const output = test.logLines.join('') + ready;
    expect(output).toContain('watcher: works again');
    for (const form of [password, encodeURIComponent(password), Buffer.from(`webpos:${password}`).toString('base64')]) {
      expect(output).not.toContain(form);
      expect(output).not.toContain(form.slice(0, 9));
    }
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
