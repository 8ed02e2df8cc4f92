import { describe, expect, expectTypeOf, it } from 'vitest';
import { cut, inTurn, json, refuse, type Route } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import { CallbackHandler, isKnownCallback, type ReceivedCallback } from '../callbacks/index.ts';
import { Client } from '../client.ts';
import { createFakePlatform, type FakePlatform, sampleCallback, signCallback } from '../testing/index.ts';
import { endCursor, events, type EventsOptions, type EventsPrunedError, type FailedRead, type FeedEvent } from './index.ts';

const EVENTS = '/events';
const event = (n: number): FeedEvent => ({ id: `id-${n}`, cursor: `c-${n}`, callback: sampleCallback('payment.completed') });
const page = (from: number, to: number, hasMore = false): Route =>
  json(200, {
    events: Array.from({ length: to - from + 1 }, (_, n) => event(from + n)),
    next: `c-${to}`,
    has_more: hasMore,
  });
const empty = (at: number): Route => page(at + 1, at);

async function idsOf(feed: AsyncIterable<FeedEvent>, count = Infinity): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of feed) if (ids.push(id) >= count) break;
  return ids;
}

describe('events', () => {
  it('yields every event once and in order, page by page, and ends at the end of the feed', async () => {
    const client = await clientOf({ [EVENTS]: inTurn(page(1, 2, true), page(3, 4, true), page(5, 5)) });
    expect(await idsOf(events(client))).toEqual(['id-1', 'id-2', 'id-3', 'id-4', 'id-5']);
    expect(gateway.to(EVENTS).map(({ query }) => query)).toEqual(['?limit=100', '?limit=100&after=c-2', '?limit=100&after=c-4']);
  });

  it('begins after a cursor, with pages of the given size', async () => {
    const client = await clientOf({ [EVENTS]: empty(7) });
    expect(await idsOf(events(client, { after: 'a+b/c=', pageSize: 5 }))).toEqual([]);
    expect(gateway.to(EVENTS)[0]!.query).toBe('?limit=5&after=a%2Bb%2Fc%3D');
  });

  it('begins at the end of the feed with after: end', async () => {
    const client = await clientOf({ [EVENTS]: inTurn(empty(7), cut, page(8, 8)) }, { maxRetries: 0 });
    expect(await idsOf(events(client, { after: 'end', follow: true, intervalMs: 8 }), 1)).toEqual(['id-8']);
    const queries = ['?limit=1&after=end', '?limit=100&after=c-7', '?limit=100&after=c-7'];
    expect(gateway.to(EVENTS).map(({ query }) => query)).toEqual(queries);
  });

  it('reads pages on demand', async () => {
    const client = await clientOf({ [EVENTS]: inTurn(page(1, 2, true), page(3, 4)) });
    expect(await idsOf(events(client), 2)).toEqual(['id-1', 'id-2']);
    expect(gateway.to(EVENTS)).toHaveLength(1);
  });

  it('follows the feed: waits at its end, and yields new events', async () => {
    const client = await clientOf({ [EVENTS]: inTurn(page(1, 1), empty(1), empty(1), page(2, 2)) });
    const startedAtMs = performance.now();
    expect(await idsOf(events(client, { follow: true, intervalMs: 100 }), 2)).toEqual(['id-1', 'id-2']);
    // A quarter less than the interval, because the harness makes every random number 0.
    expect(performance.now() - startedAtMs).toBeGreaterThan(220);
    expect(gateway.to(EVENTS).map(({ query }) => query.slice(11))).toEqual(['', ...Array.from({ length: 3 }, () => 'after=c-1')]);
  });

  it('tolerates transient failures while it follows, reports them, and respects Retry-After', async () => {
    const busy = refuse(429, '2000', { 'retry-after': '1' });
    const busyProxy: Route = (response) => response.writeHead(502, { 'retry-after': '1' }).end('<h1>Busy</h1>');
    const client = await clientOf(
      { [EVENTS]: inTurn(page(1, 1), cut, refuse(503, '4006'), busy, busyProxy, page(2, 2)) },
      { maxRetries: 0 },
    );
    const failed: FailedRead[] = [];
    const onFailure = (one: FailedRead): void => void failed.push(one);
    expect(await idsOf(events(client, { follow: true, intervalMs: 8, onFailure }), 2)).toEqual(['id-1', 'id-2']);
    // Half of a maximum that doubles.
    expect(failed.map(({ error: { name }, retryInMs }) => [name, retryInMs])).toEqual([
      ['ConnectionError', 4],
      ['FunctionalityDownError', 8],
      ['TooManyRequestsError', 1016],
      ['UnexpectedAnswerError', 1032],
    ]);
  });

  it('waits for a Retry-After beyond the maximum of a timer without reading meanwhile', async () => {
    const busy = refuse(503, '4006', { 'retry-after': '9999999' });
    const client = await clientOf({ [EVENTS]: inTurn(page(1, 1), busy) });
    const controller = new AbortController();
    const feed = events(client, { follow: true, intervalMs: 8, signal: controller.signal });
    await feed.next();
    const waiting = feed.next();
    setTimeout(() => controller.abort(), 500);
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(gateway.to(EVENTS)).toHaveLength(2);
  });

  it('waits at most a minute for a failing server, whatever its interval', async () => {
    const client = await clientOf({ [EVENTS]: inTurn(page(1, 1, true), cut) }, { maxRetries: 0 });
    const controller = new AbortController();
    const failed: number[] = [];
    const onFailure = ({ retryInMs }: FailedRead): void => {
      failed.push(retryInMs);
      controller.abort();
    };
    const feed = events(client, { follow: true, intervalMs: 2_000_000, onFailure, signal: controller.signal });
    await feed.next();
    await expect(feed.next()).rejects.toMatchObject({ name: 'AbortError', message: 'GET /events: aborted by the caller' });
    expect(failed).toEqual([30_000]);
  });

  it('ends during a wait when the caller aborts', async () => {
    const client = await clientOf({ [EVENTS]: empty(0) });
    const controller = new AbortController();
    const waiting = events(client, { follow: true, signal: controller.signal }).next();
    setTimeout(() => controller.abort(), 50);
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each<[string, Route, EventsOptions, string]>([
    ['a read fails and it does not follow', inTurn(page(1, 1, true), cut), {}, 'ConnectionError'],
    ['its first read fails', cut, { follow: true }, 'ConnectionError'],
    ['a failure is permanent', inTurn(page(1, 1, true), refuse(403, '1012')), { follow: true }, 'ForbiddenError'],
    ['the cursor is unknown', refuse(400, '0001'), { after: 'x', follow: true }, 'ValidationError'],
  ])('fails if %s', async (_when, route, options, name) => {
    const client = await clientOf({ [EVENTS]: route }, { maxRetries: 0 });
    await expect(idsOf(events(client, options))).rejects.toMatchObject({ name, path: EVENTS });
  });

  it('retries a failed read as every call is retried', async () => {
    const client = await clientOf({ [EVENTS]: inTurn(cut, refuse(503, '4006'), page(1, 1)) });
    expect(await idsOf(events(client))).toEqual(['id-1']);
  });

  it.each<[string, Route]>([
    ['as an API', refuse(404, '3001')],
    ['as a web server', (response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>')],
    ['405', refuse(405, '3003')],
  ])('reports that the server has no feed if it answers %s', async (_how, route) => {
    const client = await clientOf({ [EVENTS]: route });
    const reading = idsOf(events(client, { follow: true }));
    await expect(reading).rejects.toMatchObject({ name: 'NoEventFeedError', path: EVENTS });
    await expect(reading).rejects.toThrow(/no event feed.*WebPOS gateway.*getPaymentOrder/);
  });

  it('reports a cursor from before the events that are stored, with the cursor to resume after', async () => {
    const body = {
      error_code: '0001',
      message: 'ValidationError: after is from before the time',
      request_id: 'r-1',
      errors: { after: ['is from before the time'], resume_after: ['c-7'] },
    };
    const client = await clientOf({ [EVENTS]: inTurn(page(1, 1, true), json(400, body), page(8, 8)) });
    const seen: string[] = [];
    const failure: unknown = await (async () => {
      for await (const { id } of events(client, { follow: true })) seen.push(id);
    })().catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({
      name: 'EventsPrunedError',
      resumeAfter: 'c-7',
      path: EVENTS,
      status: 400,
      errorCode: '0001',
      requestId: 'r-1',
      message: expect.stringContaining('not stored any more') as string,
      stack: expect.stringContaining('events.test.ts') as string,
    });
    expect(seen).toEqual(['id-1']);
    const { resumeAfter } = failure as EventsPrunedError;
    expect(await idsOf(events(client, { after: resumeAfter }))).toEqual(['id-8']);
  });

  it.each<[string, unknown]>([
    ['an event without a cursor', { events: [{ ...event(1), cursor: undefined }], next: 'c-1', has_more: false }],
    ['an event without a valid callback', { events: [{ ...event(1), callback: { event: 'x' } }], next: 'c-1', has_more: false }],
    ['null as an event', { events: [null], next: 'c-1', has_more: false }],
    ['a page that leads to itself', { events: [], next: 'c-0', has_more: true }],
    ['a page without a next cursor', { events: [] }],
  ])('refuses %s', async (_what, body) => {
    const client = await clientOf({ [EVENTS]: json(200, body) });
    await expect(idsOf(events(client, { after: 'c-0' }))).rejects.toMatchObject({ name: 'UnexpectedAnswerError' });
  });

  it('ends between two events of a page when the caller aborts', async () => {
    const client = await clientOf({ [EVENTS]: page(1, 3) });
    const controller = new AbortController();
    const feed = events(client, { signal: controller.signal });
    expect((await feed.next()).value).toMatchObject({ id: 'id-1' });
    controller.abort();
    await expect(feed.next()).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each<[string, EventsOptions]>([
    ['after', { after: '' }],
    ['after', { after: 7 as never }],
    ['follow', { follow: 'yes' as never }],
    ['intervalMs', { intervalMs: 0 }],
    ['pageSize', { pageSize: 101 }],
    ['signal', { signal: {} as never }],
    ['onFailure', { onFailure: 1 as never }],
  ])('refuses a wrong %s at once', async (field, options) => {
    const client = await clientOf();
    expect(() => events(client, options)).toThrow(expect.objectContaining({ name: 'ConfigurationError', field }) as Error);
    expect(() => events({} as never)).toThrow('client: expected a Client of @webpos/sdk, got object');
  });

  it('does not show the session of a client in a log', async () => {
    const client = await clientOf();
    expect(Object.keys(client)).toEqual(['withAnswer']);
  });
});

describe('endCursor', () => {
  const onTheWay = json(200, { events: [], next: 'end', has_more: true });

  it('returns the cursor of the newest event, however many requests that takes', async () => {
    const client = await clientOf({ [EVENTS]: inTurn(onTheWay, onTheWay, empty(7)) });
    expect(await endCursor(client)).toBe('c-7');
    expect(gateway.to(EVENTS).map(({ query }) => query)).toEqual(Array.from({ length: 3 }, () => '?limit=1&after=end'));
  });

  it.each<[string, Route, string]>([
    ['the server has no feed', refuse(404, '3001'), 'NoEventFeedError'],
    ['the connection breaks', cut, 'ConnectionError'],
  ])('fails if %s, and names its caller', async (_where, route, name) => {
    const client = await clientOf({ [EVENTS]: route }, { maxRetries: 0 });
    const failure: unknown = await endCursor(client).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ name, path: EVENTS, stack: expect.stringContaining('events.test.ts') as string });
  });

  it('accepts the options of a call, and only a Client', async () => {
    const client = await clientOf({ [EVENTS]: empty(7) });
    await expect(endCursor(client, { timeoutMs: 0 })).rejects.toMatchObject({ field: 'timeoutMs' });
    await expect(endCursor({} as never)).rejects.toThrow('client: expected a Client of @webpos/sdk, got object');
    await endCursor(client, { headers: { 'x-trace': 't' } });
    expect(gateway.to(EVENTS)[0]!.headers['x-trace']).toBe('t');
  });
});

describe('the events of the fake platform', () => {
  const shop = async (platform: FakePlatform): Promise<string> => {
    const { uuid } = await new Client(platform.clientOptions).createPaymentOrder({ amount: '10.00' });
    return uuid;
  };

  it('equal its callbacks, exactly and in type', async () => {
    const platform = createFakePlatform();
    await platform.pay(await shop(platform));
    const { value: found } = (await events(new Client(platform.clientOptions)).next()) as { value: FeedEvent };
    const { body } = platform.callbacks[0]!;
    const headers = { 'chainside-signature': await signCallback(body, 'fake-secret') };
    expect(found.callback).toEqual(await new CallbackHandler({ secret: 'fake-secret' }).parse(headers, body));
    expectTypeOf(found.callback).toEqualTypeOf<ReceivedCallback>();
    expect(isKnownCallback(found.callback) && found.callback.event === 'payment.completed').toBe(true);
  });

  it('let a shop that was down continue where it stopped', async () => {
    const platform = createFakePlatform();
    const client = new Client(platform.clientOptions);
    const uuids = [await shop(platform), await shop(platform), await shop(platform)];
    for (const uuid of uuids) await platform.pay(uuid);
    const read = async (after?: string): Promise<FeedEvent[]> => {
      const found: FeedEvent[] = [];
      for await (const one of events(client, { after, pageSize: 2 })) found.push(one);
      return found;
    };
    const all = await read();
    expect(all.map(({ callback }) => callback.object.uuid)).toEqual(uuids);
    expect(await read(all[0]!.cursor)).toEqual(all.slice(1));
    expect(await read(all[2]!.cursor)).toEqual([]);
    await expect(read('bXNnXzk')).rejects.toMatchObject({ name: 'ValidationError', errors: { after: [expect.any(String)] } });
  });

  it('can be read from now on', async () => {
    const platform = createFakePlatform();
    const client = new Client(platform.clientOptions);
    const beginning = await endCursor(client);
    const uuids = [await shop(platform), await shop(platform)];
    for (const uuid of uuids) await platform.pay(uuid);
    const read = async (after: string): Promise<string[]> => {
      const found: string[] = [];
      for await (const { callback } of events(client, { after })) found.push(callback.object.uuid);
      return found;
    };
    expect(await read(beginning)).toEqual(uuids);
    const cursor = await endCursor(client);
    expect(await read(cursor)).toEqual([]);
    await platform.pay((uuids[2] = await shop(platform)));
    expect(await read(cursor)).toEqual([uuids[2]]);
  });

  it('are missing if it plays the public platform', async () => {
    const platform = createFakePlatform({ hasEventFeed: false });
    await expect(idsOf(events(new Client(platform.clientOptions)))).rejects.toMatchObject({ name: 'NoEventFeedError' });
  });
});
