/** What HTTP caches between a client and its server are told, on Node and where none exists. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ORDER_UUID } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import type { Fetch } from './fetch.ts';
import { nodeFetch } from '../node/index.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The runtime of Workers before `cache` was known to it: it throws where the field is there at all. */
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

describe('an answer is kept by no cache, such as that of Next.js, which keeps the pages of others for a year', () => {
  it('of a login, a read or a create', async () => {
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

  it('where a framework has put a fetch with a cache in the place of the global one', async () => {
    const client = await clientOf({}, { http: { fetch: undefined } });
    await client.getPaymentOrder(ORDER_UUID);
    const patched = vi.fn<typeof fetch>(fetch);
    vi.stubGlobal('fetch', patched);
    await client.getPaymentOrder(ORDER_UUID);
    await client.createPaymentOrder({ amount: '1' });
    expect(patched.mock.calls.map(([, init]) => init?.cache)).toEqual(['no-store', 'no-store']);
  });

  it('and Node’s own fetch, which has none, is not asked to do without', async () => {
    const client = await clientOf({}, { http: { fetch: undefined } });
    await client.getPaymentOrder(ORDER_UUID);
    expect(gateway.seen.map(({ headers }) => headers['cache-control'])).toEqual([undefined, undefined]);
  });

  it('over nodeFetch, which has none, nothing is said of it', async () => {
    const client = await clientOf({}, { http: { fetch: nodeFetch() } });
    await client.getPaymentOrder(ORDER_UUID);
    expect(gateway.seen.map(({ headers }) => headers['cache-control'])).toEqual([undefined, undefined]);
  });
});

describe('where there is no Node', () => {
  it('a runtime that throws on `cache` is found out once, and given none', async () => {
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

  it('a runtime that takes it is given it', async () => {
    const { takesNoStore } = await import('./takes-no-store.ts');
    expect(takesNoStore()).toBe(true);
  });
});
