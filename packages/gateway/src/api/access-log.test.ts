import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { requestFields } from './access-log.ts';

const ID = 'a20bc0f6-3741-4ca1-8d1d-ec230b361ba3';
const request = (params: unknown): FastifyRequest =>
  ({ id: 'r', method: 'GET', params, routeOptions: { url: '/x' }, caller: undefined }) as unknown as FastifyRequest;

describe('the log line of a request', () => {
  it.each([
    ['the order in its path', { uuid: ID }, { order: ID }],
    ['the order of a checkout page', { id: ID }, { order: ID }],
    ['the callback in its path', { callback: ID }, { callback: ID }],
    ['no parameter that is not an id', { id: 'secret' }, {}],
    ['nothing without parameters', undefined, {}],
  ])('contains %s', (_, params, reported) =>
    expect(requestFields(request(params))).toEqual({ request: 'r', method: 'GET', route: '/x', ...reported }),
  );
});
