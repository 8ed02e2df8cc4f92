/** The eight calls of the contract, the event feed, and the errors for invalid requests. */
import { cancel, orderStatus } from '@webpos/order-rules';
import { CALLBACK_EVENTS, type CallbackEvent } from '../wire/index.ts';
import type { FakeCallbacks } from './fake-callbacks.ts';
import { deadlines, type FakeTerms, newOrder } from './fake-creation.ts';
import { FakeError, invalid } from './fake-error.ts';
import { at, type FakeOrder } from './fake-order.ts';
import type { FakeOrders } from './fake-orders.ts';
import type { FakeTokens } from './fake-tokens.ts';
import { listEvents } from './list-events.ts';
import { listOrders } from './list-orders.ts';
import { triggerEvent, eventsOf } from './moves.ts';
import { checkoutUrl, creationResponse, orderRetrieval } from './order-wire.ts';

/** The state that the calls work on. */
export interface FakeWorld {
  orders: FakeOrders;
  tokens: FakeTokens;
  callbacks: FakeCallbacks;
  terms: FakeTerms;
  /** Whether the sandbox's endpoints exist. */
  isSandbox: boolean;
  /** Whether an Idempotency-Key is honoured. */
  honoursKeys: boolean;
  /** Whether the event feed exists. */
  hasEventFeed: boolean;
  /** The creations with an Idempotency-Key, by key. */
  createdByKey: Map<string, { body: string; uuid: string }>;
  now(): number;
}

interface Call {
  world: FakeWorld;
  headers: Headers;
  query: URLSearchParams;
  /** The order's id in the path; empty if the path has none. */
  uuid: string;
  body: string;
}

type Handler = (call: Call) => Response | Promise<Response>;

const ROUTES: readonly [RegExp, Readonly<Record<string, Handler>>][] = [
  [/^\/token$/, { POST: logIn }],
  [/^\/events$/, { GET: readFeed }],
  [/^\/payment-order$/, { POST: create, GET: list }],
  [/^\/payment-order\/([^/]+)$/, { GET: read, DELETE: remove }],
  [/^\/payment-order\/([^/]+)\/callbacks$/, { GET: callbacksOf }],
  [/^\/payment-order\/([^/]+)\/test\/?$/, { PATCH: trigger }],
  [/^\/payment-order\/([^/]+)\/test\/reset$/, { PATCH: reset }],
];

/** Answers a request. @throws FakeError with an error of the contract. */
export async function answerRequest(request: Request, world: FakeWorld): Promise<Response> {
  const { pathname, searchParams: query } = new URL(request.url);
  for (const [path, methods] of ROUTES) {
    const match = path.exec(pathname);
    if (match === null || (pathname === '/events' && !world.hasEventFeed)) continue;
    const handler = methods[request.method];
    const allow = Object.keys(methods).join(', ');
    if (handler === undefined) throw new FakeError('3003', `${request.method}: expected ${allow}`, { allow });
    checkHeaders(request.headers);
    const isLogin = pathname === '/token';
    if (!isLogin) world.tokens.check(request.headers.get('authorization'), world.now());
    const body = await request.text();
    checkContentType(request.headers, body, isLogin);
    return await handler({ world, headers: request.headers, query, uuid: match[1] ?? '', body });
  }
  throw new FakeError('3001', 'no such path');
}

function checkHeaders(headers: Headers): void {
  if (!/^v[12]$/.test(headers.get('x-api-version') ?? 'v1')) throw invalid({ 'X-Api-Version': 'must be v1' });
  const accept = headers.get('accept') ?? '*/*';
  if (!/\*\/\*|application\/(?:\*|json)/i.test(accept)) throw new FakeError('3013', 'Accept: expected application/json');
}

function checkContentType(headers: Headers, body: string, isLogin: boolean): void {
  if (body === '') return;
  const type = headers.get('content-type') ?? '';
  if (/^application\/json\b/i.test(type) || (isLogin && /^application\/x-www-form-urlencoded\b/i.test(type))) return;
  throw new FakeError('3012', 'Content-Type: expected application/json');
}

function logIn({ world, headers, body }: Call): Response {
  const isJson = /json/i.test(headers.get('content-type') ?? '');
  const form: unknown = isJson ? Object(parseJson(body)) : Object.fromEntries(new URLSearchParams(body));
  const login = world.tokens.logIn(headers.get('authorization'), form as Record<string, unknown>, world.now());
  return Response.json(login, {
    headers: {
      'Webpos-Mode': world.isSandbox ? 'sandbox' : 'live',
      ...(world.honoursKeys ? { 'Idempotency-Key-Honoured': 'true' } : {}),
    },
  });
}

function create({ world, headers, body }: Call): Response {
  const key = world.honoursKeys ? headers.get('idempotency-key') : null;
  const before = key === null ? undefined : world.createdByKey.get(key);
  if (before !== undefined && before.body !== body) throw invalid({ 'Idempotency-Key': 'was used with another request' });
  const known = before === undefined ? undefined : world.orders.get(before.uuid);
  const order = known ?? newOrder(parseJson(body), world, world.now());
  if (known === undefined) world.orders.add(order);
  if (key !== null) world.createdByKey.set(key, { body, uuid: order.uuid });
  return Response.json(creationResponse(order), { status: 201 });
}

function list({ world, query }: Call): Response {
  return Response.json(listOrders(world.orders.all(), query, world.now()));
}

function readFeed({ world, query }: Call): Response {
  // Settles orders whose deadlines have passed, and so adds their events.
  world.orders.all();
  return Response.json(listEvents(world.callbacks.all, query));
}

function read(call: Call): Response {
  return Response.json(orderRetrieval(find(call), call.world.now()));
}

async function remove(call: Call): Promise<Response> {
  const { world } = call;
  const order = find(call);
  if (order.state.status !== 'cancelled') {
    const moved = cancel(order, at(world.now()));
    if (moved === undefined) throw new FakeError('3001', `the payment order is not pending: it is ${orderStatus(order)}`);
    world.orders.save(moved);
    await world.callbacks.send();
  }
  return Response.json({ cancel_url: order.urls.cancel_url ?? checkoutUrl(order) });
}

function callbacksOf(call: Call): Response {
  return Response.json({ callbacks: eventsOf(findForTest(call)).map((name) => ({ name })) });
}

async function trigger(call: Call): Promise<Response> {
  const { world, body } = call;
  const order = findForTest(call);
  const { callback } = Object(parseJson(body)) as { callback?: unknown };
  const expected = `one of ${CALLBACK_EVENTS.join(', ')}`;
  if (typeof callback !== 'string') throw invalid({ callback: `must be ${expected}` });
  if (!CALLBACK_EVENTS.includes(callback as CallbackEvent)) throw new FakeError('0013', `callback: expected ${expected}`);
  const moved = triggerEvent(order, callback as CallbackEvent, world.now());
  if (moved === undefined) throw new FakeError('0013', `${callback} cannot follow: expected ${eventsOf(order).join(', ')}`);
  world.orders.save(moved);
  await world.callbacks.send();
  return Response.json({});
}

function reset(call: Call): Response {
  const { world } = call;
  const order = findForTest(call);
  const pending = world.orders.change({
    ...order,
    terms: { ...order.terms, ...deadlines(world.terms, world.now()) },
    payments: [],
    surplusReported: 0n,
    state: { status: 'pending', coveredAt: null },
  });
  return Response.json(orderRetrieval(pending, world.now()));
}

function findForTest(call: Call): FakeOrder {
  const order = find(call);
  if (!call.world.isSandbox) throw new FakeError('3001', 'only available in the sandbox');
  return order;
}

function find({ world, uuid }: Call): FakeOrder {
  const order = world.orders.get(uuid);
  if (order === undefined) throw new FakeError('3001', 'payment order not found');
  return order;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body === '' ? 'null' : body);
  } catch {
    throw new FakeError('0001', 'the body is not JSON');
  }
}
