/** How a client names itself, and how it reads its options from the environment. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ORDER_UUID } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import { Client } from '../client.ts';
import { nodeFetch } from '../node/index.ts';
import { parseClientOptions } from '../options/client-options.ts';
import { VERSION } from './version.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

describe('the User-Agent', () => {
  it('contains the version of package.json', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(VERSION).toBe(manifest.version);
  });

  it.each([
    ['fetch', undefined],
    ['nodeFetch', nodeFetch()],
  ])('names application, library and runtime in every request by %s', async (_name, fetch) => {
    const client = await clientOf({}, { appInfo: { name: 'my-shop', version: '1.2.0' }, http: { fetch } });
    await client.getPaymentOrder(ORDER_UUID);
    const agents = gateway.seen.map(({ headers }) => headers['user-agent']);
    expect(agents).toHaveLength(2);
    for (const agent of agents) expect(agent).toMatch(/^my-shop\/1\.2\.0 webpos-sdk\/[\d.]+ Node\.js\/\d+/);
  });

  it('is left to the browser', () => {
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (X11)' });
    expect(parseClientOptions({ mode: 'sandbox', clientId: 'shop', secret: 's' }).headers).toEqual({});
  });

  it.each([{ name: 'my shop' }, { name: '' }, { name: 'a', version: '1\n' }, { name: 'a', url: 'x' }])(
    'cannot contain the application %j',
    (appInfo) => {
      const make = (): Client => new Client({ mode: 'sandbox', clientId: 'shop', secret: 's', appInfo });
      expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError', field: 'appInfo' }));
    },
  );
});

describe('the environment', () => {
  it('provides missing options, and overrides none', () => {
    vi.stubEnv('WEBPOS_MODE', 'sandbox');
    vi.stubEnv('WEBPOS_CLIENT_ID', 'shop');
    vi.stubEnv('WEBPOS_SECRET', 'hush');
    vi.stubEnv('WEBPOS_URL', 'https://pay.example');
    expect(new Client()).toBeInstanceOf(Client);
    expect(parseClientOptions({})).toMatchObject({
      mode: 'sandbox',
      clientId: 'shop',
      secret: 'hush',
      baseUrl: 'https://pay.example',
    });
    const own = { mode: 'live', clientId: 'other', secret: 'own', baseUrl: 'https://own.example' } as const;
    expect(parseClientOptions(own)).toMatchObject(own);
  });

  it('does not count if it is empty', () => {
    vi.stubEnv('WEBPOS_URL', '');
    expect(parseClientOptions({ mode: 'live', clientId: 'a', secret: 'b' }).baseUrl).toBe('https://api.webpos.chainside.net');
    vi.stubEnv('WEBPOS_SECRET', '');
    expect(() => parseClientOptions({ mode: 'live', clientId: 'a' })).toThrow(/^secret: expected/);
  });
});
