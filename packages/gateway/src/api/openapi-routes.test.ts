import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import axe from 'axe-core';
import Schema from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../../../../test/support/chromium.ts';
import { assertError } from '../../test/support/shapes.ts';
import { openTestGateway, type TestGateway } from '../../test/support/test-gateway.ts';
import { ENDPOINTS } from './openapi/endpoints.ts';
import { CALLBACK } from './openapi/examples.ts';
import type { OpenApiDocument } from './openapi/open-api.ts';
import { CallbackBodySchema } from './schemas/order.ts';
import { createServer } from './server.ts';

const chromium = findChromium('packages/gateway/src/api/openapi-routes.test.ts');

let test: TestGateway;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_PUBLIC_URL: 'https://pay.example.com/shop' });
});
afterAll(() => test[Symbol.asyncDispose]());

describe('/openapi.json', () => {
  it('is the document that is checked in, but for the address of the gateway', async () => {
    const { body, status, headers } = await test.call('GET', '/openapi.json');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    const document = body as OpenApiDocument & { servers: { url: string }[] };
    expect(document.servers.map(({ url }) => url)).toEqual(['https://pay.example.com/shop']);
    const checkedIn = JSON.parse(await readFile('docs/openapi.json', 'utf8')) as OpenApiDocument;
    expect({ ...document, servers: checkedIn['servers'] }).toEqual(checkedIn);
  });

  it('is valid OpenAPI 3.1', async () => {
    const { body } = await test.call('GET', '/openapi.json');
    expect(await new Validator().validate(structuredClone(body as OpenApiDocument))).toEqual({ valid: true });
  });

  it('is sent once to who keeps it', async () => {
    const whole = await test.call('GET', '/openapi.json');
    const etag = whole.headers.get('etag')!;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await test.call('GET', '/openapi.json', { headers: { 'if-none-match': known } });
      expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', etag]);
    }
    const other = await test.call('GET', '/openapi.json', { headers: { 'if-none-match': '"other"' } });
    expect([other.status, other.text]).toEqual([200, whole.text]);
    const head = await test.call('HEAD', '/openapi.json');
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', etag]);
    assertError(await test.call('POST', '/openapi.json'), 405, '3003');
  });

  it('knows every path of the API with every method that it takes', async () => {
    const { context } = test.gateway;
    const server = await createServer({
      context,
      sandbox: true,
      health: () => test.gateway.health(),
      log: { info: () => {}, error: () => {} },
    });
    const routes = server.printRoutes({ commonPrefix: false });
    await server.close();
    const found = pathsOf(routes).map((path) => path.replace(':uuid', '{uuid}'));
    const described = new Set(ENDPOINTS.map(({ path }) => path));
    const other = new Set(found.filter((path) => !described.has(path)));
    // With or without its slash at the end; and what is no part of the contract.
    const beside = ['/payment-order/{uuid}/test', '/healthz', '/readyz', '/openapi.json', '/docs', '/.well-known/jwks.json'];
    expect([...other].filter((path) => !beside.includes(path))).toEqual([]);
    expect(found).toEqual(expect.arrayContaining([...described]));
    for (const path of described) {
      const answer = await test.call('PUT', path.replace('{uuid}', 'x'));
      const methods = ENDPOINTS.filter((endpoint) => endpoint.path === path).map(({ method }) => method.toUpperCase());
      const expected = methods.includes('GET') ? [...methods, 'HEAD', 'OPTIONS'] : [...methods, 'OPTIONS'];
      expect(answer.headers.get('allow')!.split(', ').sort()).toEqual(expected.sort());
    }
  });

  it('has examples that its schemas take', () => {
    for (const { operationId, body, answer } of ENDPOINTS) {
      if (body !== undefined) expect(Schema.Errors(body.schema, body.example), operationId).toEqual([true, []]);
      if (answer.schema !== undefined) expect(Schema.Errors(answer.schema, answer.example), operationId).toEqual([true, []]);
    }
    expect(Schema.Errors(CallbackBodySchema, CALLBACK)).toEqual([true, []]);
  });
});

describe('/docs', () => {
  it('names every endpoint, every field, every error, and escapes what it says', async () => {
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
    'is read on a phone, by keyboard and by a screen reader',
    async () => {
      const browser = await launchChromium(chromium ?? '');
      try {
        for (const colorScheme of ['light', 'dark'] as const) {
          const page = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme });
          const complaints: string[] = [];
          page.on('console', (message) => void complaints.push(message.text()));
          await page.goto(`${test.gateway.url}/docs`);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
          // Its own style holds: the policy lets it in.
          expect(await page.evaluate('getComputedStyle(document.body).marginTop')).toBe('0px');
          await page.keyboard.press('Tab');
          expect(await page.evaluate('document.activeElement.textContent')).toBe('To the content');
          expect(complaints).toEqual([]);
          await page.close();
          // The policy forbids the checker's script, so it looks at the page without the policy.
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

/** The paths of the router's tree, whose branches are indented by four characters each. */
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
