import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { Validator } from '@seriousme/openapi-schema-validator';
import axe from 'axe-core';
import Schema from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../../../../../test/support/chromium.ts';
import { parsedAnswer } from '../../../test/support/parsed-answer.ts';
import { assertError } from '../../../test/support/shapes.ts';
import { openTestGateway, type TestGateway } from '../../../test/support/test-gateway.ts';
import { SIGNATURE_HEADER, standardHeaders } from '../../callbacks/sign.ts';
import { epochMs } from '../../kernel/clock.ts';
import { openApiDocument } from './document.ts';
import { ENDPOINTS } from './endpoints.ts';
import { CALLBACK } from './examples.ts';
import type { OpenApiDocument } from '../../http/openapi/open-api.ts';
import { CallbackBodySchema } from '../schemas/order.ts';
import { createServer } from '../server.ts';

const chromium = findChromium('packages/gateway/src/api/openapi/openapi-routes.test.ts');

let test: TestGateway;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_PUBLIC_URL: 'https://pay.example.com/shop' });
});
afterAll(() => test[Symbol.asyncDispose]());

/** Returns the compression headers for a client that accepts Brotli. */
async function compressionOf(path: string): Promise<(string | null)[]> {
  const { headers } = await fetch(test.gateway.url + path, { headers: { 'accept-encoding': 'br' } });
  return [headers.get('content-encoding'), headers.get('vary')];
}

describe('/openapi.json', () => {
  it('is the committed document except for the URL of the gateway', async () => {
    const { body, status, headers } = await test.call('GET', '/openapi.json');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    const document = body as OpenApiDocument & { servers: { url: string }[] };
    expect(document.servers.map(({ url }) => url)).toEqual(['https://pay.example.com/shop']);
    const checkedIn = JSON.parse(await readFile('docs/openapi.json', 'utf8')) as OpenApiDocument;
    expect({ ...document, servers: checkedIn['servers'] }).toEqual(checkedIn);
  });

  it('is valid OpenAPI 3.1', async () => {
    const { body } = await test.call('GET', '/openapi.json');
    expect(await new Validator().validate(structuredClone(body as OpenApiDocument))).toEqual({ valid: true });
  });

  it('contains only patterns that all languages understand', async () => {
    const { text, body } = await test.call('GET', '/openapi.json');
    const patterns = [
      ...new Set([...text.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(([, json]) => JSON.parse(json!) as string)),
    ];
    expect(patterns.length).toBeGreaterThan(8);
    for (const pattern of patterns) {
      for (const flags of ['', 'u']) expect(() => new RegExp(pattern, flags), pattern).not.toThrow();
      // Look-around, property classes and \\u escapes differ between languages, or do not exist in Python, Java, PHP, Go or Rust.
      expect(pattern).not.toMatch(/\(\?[=!<]|\\[pPuk]/);
    }
    const { PaymentOrderCreation } = (body as OpenApiDocument).components.schemas as unknown as {
      PaymentOrderCreation: { properties: { callback_url: { anyOf: [{ pattern: string }] } } };
    };
    const { pattern } = PaymentOrderCreation.properties.callback_url.anyOf[0];
    for (const flags of ['', 'u']) expect('https://shop.example/callbacks').toMatch(new RegExp(pattern, flags));
  });

  it('is sent compressed to clients that accept it', async () => {
    expect(await compressionOf('/openapi.json')).toEqual(['br', 'accept-encoding']);
  });

  it('is not sent again to clients that have it', async () => {
    const whole = await test.call('GET', '/openapi.json');
    const etag = whole.headers.get('etag')!;
    for (const known of [etag, etag.replace('W/', ''), `"other", ${etag}`, '*']) {
      const answer = await test.call('GET', '/openapi.json', { headers: { 'if-none-match': known } });
      expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', etag]);
    }
    const other = await test.call('GET', '/openapi.json', { headers: { 'if-none-match': '"other"' } });
    expect([other.status, other.text]).toEqual([200, whole.text]);
    const head = await test.call('HEAD', '/openapi.json');
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', etag]);
    assertError(await test.call('POST', '/openapi.json'), 405, '3003');
  });

  it('contains every path of the API with its methods', async () => {
    const { context } = test.gateway;
    const server = await createServer({
      context,
      sandbox: true,
      health: () => test.gateway.health(),
      log: { info: () => {}, error: () => {} },
      sendTest: () => Promise.reject(new Error('nobody asks for one')),
    });
    const routes = server.printRoutes({ commonPrefix: false });
    await server.close();
    const found = pathsOf(routes).map((path) => path.replace(':uuid', '{uuid}'));
    const described = new Set(ENDPOINTS.map(({ path }) => path));
    const other = new Set(found.filter((path) => !described.has(path)));
    // Paths without the trailing slash, and paths that are not part of the contract.
    const beside = [
      '/payment-order/{uuid}/test',
      '/healthz',
      '/readyz',
      '/openapi.json',
      '/docs',
      '/.well-known/jwks.json',
    ].concat('/.well-known/oauth-authorization-server', '/.well-known/oauth-authorization-server*');
    expect([...other].filter((path) => !beside.includes(path))).toEqual([]);
    expect(found).toEqual(expect.arrayContaining([...described]));
    for (const path of described) {
      const answer = await test.call('PUT', path.replace('{uuid}', 'x'));
      const methods = ENDPOINTS.filter((endpoint) => endpoint.path === path).map(({ method }) => method.toUpperCase());
      const expected = methods.includes('GET') ? [...methods, 'HEAD', 'OPTIONS'] : [...methods, 'OPTIONS'];
      expect(answer.headers.get('allow')!.split(', ').sort()).toEqual(expected.sort());
    }
  });

  it.each([
    ['a long URL', 414, { query: `?x=${'x'.repeat(5_000)}`, lines: [] }],
    ['too many headers', 431, { query: '', lines: Array.from({ length: 120 }, (_, n) => `X-${n}: x`) }],
    ['a large header', 431, { query: '', lines: [`X: ${'x'.repeat(20_000)}`] }],
  ])('lists for every operation the status for %s', async (_what, status, { query, lines }) => {
    const { hostname, port } = new URL(test.gateway.url);
    const headers = ['Host: test', 'Connection: close', ...lines].join('\r\n');
    const missing: string[] = [];
    for (const { path, method } of ENDPOINTS) {
      const line = `${method.toUpperCase()} ${path.replace('{uuid}', randomUUID())}${query} HTTP/1.1`;
      const answer = await parsedAnswer(connect(Number(port), hostname), `${line}\r\n${headers}\r\n\r\n`);
      expect([line, answer.status]).toEqual([line, status]);
      const { responses } = (openApiDocument().paths[path] as Record<string, { responses: object }>)[method]!;
      if (!(status in responses)) missing.push(`${method} ${path}`);
    }
    expect(missing).toEqual([]);
  });

  it('lists for every operation the statuses for a refused body, even without a body of its own', async () => {
    const { hostname, port } = new URL(test.gateway.url);
    const { token } = await test.newPos();
    for (const { path, method } of ENDPOINTS) {
      const line = `${method.toUpperCase()} ${path.replace('{uuid}', randomUUID())} HTTP/1.1`;
      const refusal = async (...headers: string[]): Promise<number> => {
        const head = [line, 'Host: test', 'Connection: close', `Authorization: Bearer ${token}`, ...headers];
        return (await parsedAnswer(connect(Number(port), hostname), `${head.join('\r\n')}\r\n\r\n`)).status;
      };
      expect([line, await refusal('Content-Encoding: gzip', 'Content-Length: 9')]).toEqual([line, 415]);
      // The body of a GET is ignored.
      if (method !== 'get')
        expect([line, await refusal('Content-Type: application/json', 'Content-Length: 999999')]).toEqual([line, 413]);
      const { responses } = (openApiDocument().paths[path] as Record<string, { responses: object }>)[method]!;
      expect([line, Object.keys(responses)]).toEqual([line, expect.arrayContaining(['413', '415'])]);
    }
  });

  it('describes every header that proves the origin of a callback', () => {
    const { webhooks, components } = openApiDocument() as unknown as {
      webhooks: { paymentOrderEvent: { post: { parameters: { $ref: string }[] } } };
      components: { parameters: Record<string, { name: string; in: string; required: boolean }> };
    };
    const described = webhooks.paymentOrderEvent.post.parameters.map(
      ({ $ref }) => components.parameters[$ref.replace('#/components/parameters/', '')],
    );
    const sent = [SIGNATURE_HEADER, ...Object.keys(standardHeaders('id', '{}', [], epochMs(0)))];
    expect(described).toMatchObject(sent.map((name) => ({ name, in: 'header', required: true })));
  });

  it('has examples that its schemas accept', () => {
    for (const { operationId, body, answer } of ENDPOINTS) {
      if (body !== undefined) expect(Schema.Errors(body.schema, body.example), operationId).toEqual([true, []]);
      if (answer.schema !== undefined) expect(Schema.Errors(answer.schema, answer.example), operationId).toEqual([true, []]);
    }
    expect(Schema.Errors(CallbackBodySchema, CALLBACK)).toEqual([true, []]);
  });
});

describe('/docs', () => {
  it('is sent compressed to clients that accept it', async () => {
    expect(await compressionOf('/docs')).toEqual(['br', 'accept-encoding']);
  });

  it('contains every endpoint, field and error, and is escaped', async () => {
    const { text, headers } = await test.call('GET', '/docs');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    const { components } = (await test.call('GET', '/openapi.json')).body as OpenApiDocument;
    for (const { operationId, path } of ENDPOINTS) {
      expect(text).toContain(`id="${operationId}"`);
      expect(text).toContain(path);
    }
    for (const [name, schema] of Object.entries(components.schemas)) {
      expect(text).toContain(`id="${name}"`);
      for (const field of Object.keys(schema['properties'] ?? {})) expect(text).toContain(`<code>${field}</code>`);
    }
    for (const [, target = ''] of text.matchAll(/href="#([^"]+)"/g)) expect(text).toContain(`id="${target}"`);
    expect(text).not.toMatch(/<script|\[object|undefined|javascript:/i);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
  });

  // skip: no browser can be had; the finder says why, and fails where CI is set
  it.skipIf(chromium === undefined)(
    'is usable on a phone, by keyboard and with a screen reader',
    async () => {
      const browser = await launchChromium(chromium ?? '');
      try {
        for (const colorScheme of ['light', 'dark'] as const) {
          const page = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme });
          const complaints: string[] = [];
          page.on('console', (message) => void complaints.push(message.text()));
          await page.goto(`${test.gateway.url}/docs`);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
          // Its own style applies, so the policy allows it.
          expect(await page.evaluate('getComputedStyle(document.body).marginTop')).toBe('0px');
          await page.keyboard.press('Tab');
          expect(await page.evaluate('document.activeElement.textContent')).toBe('To the content');
          expect(complaints).toEqual([]);
          await page.close();
          // The policy forbids the script of the checker, which therefore bypasses it.
          const context = await browser.newContext({ bypassCSP: true, viewport: { width: 360, height: 740 }, colorScheme });
          const open = await context.newPage();
          await open.goto(`${test.gateway.url}/docs`);
          await open.addScriptTag({ content: axe.source });
          const violations = await open.evaluate(
            'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))',
          );
          expect(violations).toEqual([]);
          await context.close();
        }
      } finally {
        await browser.close();
      }
    },
    60_000,
  );
});

/** Returns the paths in the router's printed tree, which indents each level by four characters. */
function pathsOf(tree: string): string[] {
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods] = /^([\s│├└─]*)(\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
    if (part === '') return [];
    const depth = indent.length / 4 - 1;
    parents[depth] = part;
    return methods === undefined ? [] : [parents.slice(0, depth + 1).join('')];
  });
}
