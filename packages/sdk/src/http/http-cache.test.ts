/** What requests tell HTTP caches, with and without Node. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ORDER_UUID } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import type { Fetch } from './fetch.ts';
import { nodeFetch } from '../node/index.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The runtime of Workers before it supported `cache`: it throws if the field exists. */
function stubOldWorkers(): { fetch: Fetch; made: () => number } {
  let made = 0;
  const refuse = (init: object = {}): void => {
    if ('cache' in init) throw new Error("The 'cache' field on 'RequestInitializerDict' is not implemented.");
  };
  function OldRequest(_url: string, init?: object): void {
    made += 1;
    refuse(init);
  }
  vi.stubGlobal('Request', OldRequest);
  const own = fetch;
  return {
    made: () => made,
    fetch: async (url, init) => {
      refuse(init);
      return await own(url, init);
    },
  };
}

describe('caching, such as that of Next.js, which stores answers for a year,', () => {
  it('is forbidden for a login, a read and a creation', async () => {
    const caches: unknown[] = [];
    const spy: Fetch = (url, init) => {
      caches.push((init as { cache?: string }).cache);
      return fetch(url, init);
    };
    const client = await clientOf({}, { http: { fetch: spy } });
    await client.getPaymentOrder(ORDER_UUID);
    await client.createPaymentOrder({ amount: '1' });
    expect(caches).toEqual(['no-store', 'no-store', 'no-store']);
    expect(gateway.seen.map(({ headers }) => headers['cache-control'])).toEqual(['no-cache', 'no-cache', 'no-cache']);
  });

  it('is forbidden if a framework has replaced the global fetch by one with a cache', async () => {
    const client = await clientOf({}, { http: { fetch: undefined } });
    await client.getPaymentOrder(ORDER_UUID);
    const patched = vi.fn<typeof fetch>(fetch);
    vi.stubGlobal('fetch', patched);
    await client.getPaymentOrder(ORDER_UUID);
    await client.createPaymentOrder({ amount: '1' });
    expect(patched.mock.calls.map(([, init]) => init?.cache)).toEqual(['no-store', 'no-store']);
  });

  it("is not mentioned to Node's own fetch, which has no cache", async () => {
    const client = await clientOf({}, { http: { fetch: undefined } });
    await client.getPaymentOrder(ORDER_UUID);
    expect(gateway.seen.map(({ headers }) => headers['cache-control'])).toEqual([undefined, undefined]);
  });

  it('is not mentioned to nodeFetch, which has no cache', async () => {
    const client = await clientOf({}, { http: { fetch: nodeFetch() } });
    await client.getPaymentOrder(ORDER_UUID);
    expect(gateway.seen.map(({ headers }) => headers['cache-control'])).toEqual([undefined, undefined]);
  });
});

describe('without Node', () => {
  it('a runtime that throws on `cache` is detected once, and not given it', async () => {
    vi.doMock('#platform', () => import('../platform/web.ts'));
    const { Client } = await import('../client.ts');
    await clientOf();
    const { fetch: oldFetch, made } = stubOldWorkers();
    const options = { mode: 'sandbox', clientId: 'shop', secret: 's', baseUrl: gateway.baseUrl } as const;
    for (const client of [1, 2].map(() => new Client({ ...options, http: { fetch: oldFetch } })))
      expect((await client.getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
    expect(made()).toBe(1);
    vi.doUnmock('#platform');
  });

  it('a runtime that supports `cache` is given it', async () => {
    const { takesNoStore } = await import('./takes-no-store.ts');
    expect(takesNoStore()).toBe(true);
  });
});
