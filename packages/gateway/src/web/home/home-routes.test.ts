import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSandboxGateway, type SandboxGateway } from '../../../../../test/support/sandbox-gateway.ts';

/** As browsers send it. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

let sandbox: SandboxGateway;
beforeAll(async () => {
  sandbox = await openSandboxGateway(
    {},
    { homeLinks: () => [{ title: 'Shop <1>', text: 'Buy & see.', url: 'http://127.0.0.1:8081' }] },
  );
  await sandbox.gateway.caughtUp(AbortSignal.timeout(60_000));
});
afterAll(() => sandbox[Symbol.asyncDispose]());

function get(path: string, accept = BROWSER, method = 'GET'): Promise<Response> {
  return fetch(sandbox.gateway.url + path, { method, headers: { accept }, redirect: 'manual' });
}

describe('the page at /', () => {
  it('says what runs here and whether it works, and links to everything', async () => {
    const answer = await get('/');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const html = await answer.text();
    expect(html).toContain('A bitcoin payment gateway to try out');
    expect(html).toContain('Ready: it reads the chain and takes orders');
    expect([...html.matchAll(/href="([^"]+)"/g)].map(([, url]) => url).filter((url) => !url?.startsWith('data:'))).toEqual([
      '/',
      '/readyz',
      'http://127.0.0.1:8081',
      '/panel',
      '/docs',
      '/openapi.json',
    ]);
    expect(html).toContain('<strong>Shop &lt;1&gt;</strong><span>Buy &amp; see.</span>');
  });

  it("runs no script, loads nothing and is in nobody's frame", async () => {
    expect((await get('/')).headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
  });

  it.each(['application/json', '*/*', 'text/html;q=0, */*'])('is no answer for a program that accepts %s', async (accept) => {
    const answer = await get('/', accept);
    expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ error_code: '3001' })]);
  });

  it('speaks of no sandbox, and of no command of npm, at a live gateway', async () => {
    const { renderHomePage } = await import('./home-page.ts');
    const html = renderHomePage({ basePath: '/pay', isSandbox: false, isReady: false, links: [] });
    expect(html).not.toMatch(/sandbox|npm/i);
    expect(html).toContain('Not ready: it takes no new orders now');
    expect(html).toContain('href="/pay/panel"');
  });
});

describe('the page at / of a gateway below a path', () => {
  it.each(['/pay/', '/'])('is at %s, whatever the proxy passes on, and its links stay below the path', async (path) => {
    await using below = await openSandboxGateway({ WEBPOS_PUBLIC_URL: 'https://shop.invalid/pay' });
    const answer = await fetch(below.gateway.url + path, { headers: { accept: BROWSER } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('href="/pay/panel"');
  });
});

describe('a path that does not exist', () => {
  it.each(['/nothing', '/panel/nothing', '/panel/callbacks/1/2', '/docs/x', '/%', '/checkout/%E0%A4%A'])(
    '%s is a page for a browser, and JSON for a program',
    async (path) => {
      const page = await get(path);
      expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect(await page.text()).toContain('<h1>Page not found</h1>');
      const answer = await get(path, '*/*');
      expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ error_code: '3001' })]);
    },
  );

  it('is JSON for what a browser posts', async () => {
    expect((await get('/nothing', BROWSER, 'POST')).headers.get('content-type')).toBe('application/json');
  });

  it('is still 3001 as JSON below the API, where an order is unknown', async () => {
    expect((await get('/payment-order/00000000-0000-4000-8000-000000000000')).headers.get('content-type')).toBe(
      'application/json',
    );
  });
});
