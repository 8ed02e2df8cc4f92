/** Every route of a gateway with who may use it. A route that is added must get a row in `support/route-table.ts`. */
import type * as Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MINUTE_MS } from '../src/kernel/durations.ts';
import { PERMISSIONS, permissionsOf, ROLES, type Permission, type Role } from '../src/people/role.ts';
import { issueToken } from '../src/services/people/panel-access.ts';
import type * as PanelRoutes from '../src/web/panel/panel-routes.ts';
import type { PanelRoute } from '../src/web/panel/panel-router.ts';
import { newPanelPerson, sendForm, type TestBrowser } from './support/panel-people.ts';
import { ROUTE_TABLE } from './support/route-table.ts';
import { openTestGateway, type Answer, type TestGateway } from './support/test-gateway.ts';

const seen = vi.hoisted(() => ({ registered: new Set<string>(), panel: [] as PanelRoute[] }));

vi.mock('fastify', async (original) => {
  const real = await original<typeof Fastify>();
  const open = (options: Fastify.FastifyServerOptions): Fastify.FastifyInstance => {
    const server = real.default(options);
    server.addHook('onRoute', ({ method, url, onRequest }) => {
      // Those that answer a method that a path does not have.
      if (Array.isArray(method) && onRequest !== undefined) return;
      for (const one of [method].flat()) if (one !== 'HEAD' && one !== 'OPTIONS') seen.registered.add(`${one} ${url}`);
    });
    return server;
  };
  return { ...real, default: open };
});
vi.mock('../src/web/panel/panel-routes.ts', async (original) => {
  const real = await original<typeof PanelRoutes>();
  return {
    ...real,
    panelRoutes: (...given: Parameters<typeof real.panelRoutes>) => {
      const routes = real.panelRoutes(...given);
      seen.panel = routes as PanelRoute[];
      return routes;
    },
  };
});

let test: TestGateway;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_OPS_TOKEN: 'the-token-of-the-operator' });
});
afterAll(() => test[Symbol.asyncDispose]());

const isPermission = (access: string): access is Permission => PERMISSIONS.some((one) => one === access);
const rowOf = ({ method, path }: PanelRoute): string => `${method} ${path}`;
/** Fills made-up ids in, so that nothing is found and nothing happens. */
const pathOf = (path: string): string => path.replaceAll(/:\w+/g, '00000000-0000-4000-8000-000000000000');
const redirect = ({ status, headers }: Answer): unknown[] => [status, headers.get('location')];

describe('every route', () => {
  it('has a row in the table, and the table has no other', () => {
    expect([...seen.registered].sort()).toEqual(Object.keys(ROUTE_TABLE).sort());
  });

  it('of the panel needs the permission that its row names, and no other route needs one', () => {
    const needed = Object.fromEntries(seen.panel.map((route) => [rowOf(route), route.permission]));
    expect(needed).toEqual(Object.fromEntries(Object.entries(ROUTE_TABLE).filter(([, access]) => isPermission(access))));
  });

  it('of shops needs a token', async () => {
    const ofShops = Object.entries(ROUTE_TABLE).filter(([, access]) => access === 'shop');
    expect(ofShops.length).toBeGreaterThan(8);
    for (const [row] of ofShops) {
      const [method = '', path = ''] = row.split(' ');
      for (const token of [undefined, 'made-up'])
        expect((await test.call(method, pathOf(path), token === undefined ? {} : { token })).status, row).toBe(401);
    }
  });

  it('of operators needs their token', async () => {
    expect((await test.call('GET', '/metrics')).status).toBe(401);
  });

  it('of the panel is open to exactly the roles that have its permission', async () => {
    const browsers = new Map<Role, TestBrowser>();
    const tokens = new Map<Role, string>();
    for (const role of ROLES) {
      browsers.set(role, (await newPanelPerson(test, role)).browser);
      tokens.set(role, (await issueToken(test.gateway.context, MINUTE_MS, { role, allowsDangerous: true })).secret);
    }
    // A form without its key is refused after the permission has been checked: nothing happens.
    const ask = ({ method, path }: PanelRoute, cookie: string): Promise<Answer> =>
      method === 'GET' ? test.call('GET', pathOf(path), { headers: { cookie } }) : sendForm(test, pathOf(path), {}, { cookie });
    for (const route of seen.panel) {
      const row = rowOf(route);
      const isOpenTo = (role: Role): boolean => permissionsOf(role).has(ROUTE_TABLE[row] as Permission);
      if (route.kind === 'api') {
        expect((await test.call(route.method, pathOf(route.path))).status, `${row} without a token`).toBe(401);
        for (const role of ROLES) {
          const body = route.method === 'GET' ? {} : { body: { nonsense: true } };
          const { status, text } = await test.call(route.method, pathOf(route.path), { token: tokens.get(role)!, ...body });
          const isRefused = status === 403 && text.includes('does not have the permission');
          expect(isRefused, `${row} as ${role}: ${status}`).toBe(!isOpenTo(role));
        }
      } else {
        expect(redirect(await ask(route, '')), `${row} without a session`).toEqual([303, '/panel/login']);
        for (const role of ROLES) {
          const { status } = await ask(route, browsers.get(role)!.cookie);
          expect(status === 403, `${row} as ${role}: ${status}`).toBe(!isOpenTo(role));
        }
      }
    }
  }, 120_000);
});
