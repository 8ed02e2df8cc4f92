import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelAnswers } from '../../../../test/support/panel-answers.ts';
import { openTestGateway, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { createServer } from '../../../api/server.ts';
import type { OpenApiDocument } from '../../../http/openapi/open-api.ts';
import { OrderStreams } from '../../shared/order-streams.ts';
import { panelRoutes } from '../panel-routes.ts';
import type { PanelRoute } from '../panel-router.ts';

let test: TestGateway;
let document: OpenApiDocument;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_PUBLIC_URL: 'https://pay.example.com/shop' });
  document = (await test.call('GET', '/panel/api/openapi.json')).body as OpenApiDocument;
});
afterAll(() => test[Symbol.asyncDispose]());

/** The API's routes as the router lists them. */
async function apiRoutes(): Promise<PanelRoute[]> {
  const { context } = test.gateway;
  const log = { info: () => {}, error: () => {} };
  const server = await createServer({ context, sandbox: true, health: () => test.gateway.health(), log });
  const sendTest = (): Promise<never> => Promise.reject(new Error('nobody sends one'));
  const streams = new OrderStreams({ most: 1 });
  streams.close();
  const readiness = (): Promise<never> => Promise.reject(new Error('nobody asks'));
  const routes = panelRoutes(server, {
    context,
    streams,
    readiness,
    redelivery: undefined as never,
    sendTest,
    notifications: undefined as never,
    isSandbox: true,
    source: {} as never,
    limits: { network: 'regtest', settlementTimeoutMs: 0, allowHttp: true, httpHosts: undefined },
  });
  await server.ready();
  const found = routes.filter(({ kind }) => kind === 'api');
  await server.close();
  return found;
}

describe('/panel/api/openapi.json', () => {
  it('is valid OpenAPI 3.1, without a token, and names this gateway', async () => {
    expect(await new Validator().validate(structuredClone(document) as never)).toEqual({ valid: true });
    expect(document['servers']).toEqual([{ url: 'https://pay.example.com/shop', description: 'This gateway.' }]);
  });

  it('describes every endpoint of the router, and no other, with its permission', async () => {
    const expected = (await apiRoutes()).map(
      ({ method, path, permission }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')} ${permission}`,
    );
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => {
        const { security } = operation as unknown as { security: [{ token: [string] }] };
        return `${method.toUpperCase()} ${path} ${security[0].token[0]}`;
      }),
    );
    expect(described.length).toBeGreaterThan(6);
    expect(described.sort()).toEqual(expected.sort());
  });

  it('has schemas of every endpoint', async () => {
    const without = (await apiRoutes()).filter(({ schema }) => schema === undefined);
    expect(without.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('has a name of its own for every operation', () => {
    const names = Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).map((operation) => operation['operationId']),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('describes each type that a report may have', () => {
    const { responses } = document.paths['/panel/api/reports']!['get'] as unknown as {
      responses: { 200: { content: object } };
    };
    const { content } = responses[200];
    expect(Object.keys(content).sort()).toEqual(['application/jsonl', 'text/csv']);
  });

  it('is not sent again to clients that have it', async () => {
    const etag = (await test.call('GET', '/panel/api/openapi.json')).headers.get('etag')!;
    const again = await test.call('GET', '/panel/api/openapi.json', { headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('is what the tests of the API compare answers with', async () => {
    const answers = panelAnswers(async () => ({ body: document }));
    const headers = new Headers({ 'content-type': 'application/json' });
    const answer = (body: unknown, status = 200): Parameters<typeof answers.check>[2] => ({ status, headers, body });
    await answers.check('GET', '/panel/api/callbacks', answer({ callbacks: [], next: null }));
    await expect(answers.check('GET', '/panel/api/callbacks', answer({ callbacks: [] }))).rejects.toThrow(/next/);
    const inside = answer({ callbacks: [{ uuid: 'x' }], next: null });
    await expect(answers.check('GET', '/panel/api/callbacks', inside)).rejects.toThrow(/uuid/);
    await expect(answers.check('GET', '/panel/api/callbacks', answer({}, 202))).rejects.toThrow(/not described/);
  });
});
