import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Client } from '../client.ts';
import { ConfigurationError } from '../errors/index.ts';
import { type ClientOptions, parseClientOptions } from './client-options.ts';

const GOOD = { mode: 'sandbox', clientId: 'shop', secret: 'hush-hush' } as const;

function problemOf(options: unknown): ConfigurationError {
  try {
    parseClientOptions(options as ClientOptions);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('expected a ConfigurationError');
}

describe('the options of a client', () => {
  it.each([
    ['live', 'https://api.webpos.chainside.net'],
    ['sandbox', 'https://api.sandbox.webpos.chainside.net'],
  ] as const)('set the base URL of mode %s to %s', (mode, baseUrl) => {
    expect(parseClientOptions({ ...GOOD, mode })).toMatchObject({ baseUrl, timeoutMs: 10_000, maxRetries: 2 });
  });

  it.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['https://pay.example/', 'https://pay.example'],
    ['https://pay.example/webpos//', 'https://pay.example/webpos'],
  ])('normalise the base URL %s to %s', (given, baseUrl) => {
    expect(parseClientOptions({ ...GOOD, baseUrl: given }).baseUrl).toBe(baseUrl);
  });

  it.each([
    ['options', undefined, 'options: expected an object, got undefined'],
    ['mode', { ...GOOD, mode: 'test' }, 'mode: expected "live" or "sandbox", got "test"'],
    ['clientId', { ...GOOD, clientId: '' }, 'clientId: expected a non-empty string without a colon, got ""'],
    ['clientId', { ...GOOD, clientId: 'a:b' }, 'clientId: expected a non-empty string without a colon, got "a:b"'],
    ['secret', { ...GOOD, secret: undefined }, 'secret: expected a non-empty string, got undefined'],
    ['secret', { ...GOOD, secret: '' }, 'secret: expected a non-empty string, got an empty string'],
    ['secret', { ...GOOD, secret: ['hush-hush'] }, 'secret: expected a non-empty string, got object'],
    ['baseUrl', { ...GOOD, baseUrl: 'pay.example' }, /got a string that is not a URL$/],
    ['baseUrl', { ...GOOD, baseUrl: 'ftp://pay.example' }, /got one with ftp:$/],
    ['baseUrl', { ...GOOD, baseUrl: 'https://me:hush-hush@pay.example' }, /got one with a user name or password$/],
    ['baseUrl', { ...GOOD, baseUrl: 'https://pay.example/?key=hush-hush' }, /got one with a query or fragment$/],
    ['timeoutMs', { ...GOOD, http: { timeoutMs: 0 } }, 'timeoutMs: expected an integer from 1 to 2147483647, got 0'],
    ['timeoutMs', { ...GOOD, http: { timeoutMs: Number.POSITIVE_INFINITY } }, /got Infinity$/],
    ['maxRetries', { ...GOOD, maxRetries: 1.5 }, 'maxRetries: expected an integer from 0 to 10, got 1.5'],
    ['maxRetries', { ...GOOD, maxRetries: '2' }, 'maxRetries: expected an integer from 0 to 10, got "2"'],
    ['http', { ...GOOD, http: 'fast' }, 'http: expected an object, got "fast"'],
    ['fetch', { ...GOOD, http: { fetch: {} } }, 'fetch: expected a function, got object'],
    ['dispatcher', { ...GOOD, http: { dispatcher: 'mine' } }, 'dispatcher: expected an object, got "mine"'],
    ['verifySsl', { ...GOOD, http: { verifySsl: 0 } }, 'verifySsl: expected a boolean, got 0'],
    ['agent', { ...GOOD, http: { agent: 7 } }, 'agent: expected an agent, got 7'],
    ['proxy', { ...GOOD, http: { proxy: 'u:hush-hush@proxy' } }, 'proxy: expected an http or https URL, got one with u:'],
    ['proxy', { ...GOOD, http: { proxy: 'hush-hush' } }, 'proxy: expected an http or https URL, got something else'],
    ['proxy', { ...GOOD, http: { proxy: 'http://u:hush-hush%zz@proxy' } }, /got something else$/],
    ['fetch', { ...GOOD, http: { fetch, agent: {} } }, 'fetch: expected none with agent, proxy or verifySsl, got both'],
    ['dispatcher', { ...GOOD, http: { dispatcher: {}, verifySsl: false } }, /^dispatcher: expected none with/],
    [
      'agent',
      { ...GOOD, http: { agent: {}, proxy: 'http://proxy' } },
      'agent: expected none with proxy, ca or verifySsl, got both',
    ],
    ['agent', { ...GOOD, http: { agent: {}, verifySsl: false } }, 'agent: expected none with proxy, ca or verifySsl, got both'],
    ['logger', { ...GOOD, logger: {} }, 'logger: expected an object with warn(message, error), got object'],
  ])('are refused if %s is wrong, with what is expected and what was given', (field, options, message) => {
    const problem = problemOf(options);
    expect(problem.field).toBe(field);
    expect(problem.message).toMatch(message);
    expect(inspect(problem)).not.toContain('hush-hush');
  });

  it('never appear when a client is logged', () => {
    const client = new Client(GOOD);
    expect(inspect(client, { depth: 9, showHidden: true })).not.toContain('hush-hush');
    expect(JSON.stringify(client)).not.toContain('hush-hush');
  });

  it.each([
    ['timeoutMs', { timeoutMs: -1 }],
    ['maxRetries', { maxRetries: 11 }],
    ['signal', { signal: 'now' }],
    ['idempotencyKey', { idempotencyKey: 'two words' }],
    ['headers', { headers: 'x-trace' }],
    ['headers', { headers: { 'x trace': '1' } }],
    ['headers', { headers: { 'x-trace': 'two\nlines' } }],
    ['headers', { headers: { Authorization: 'Bearer mine' } }],
    ['headers', { headers: new Headers({ 'Idempotency-Key': 'k' }) }],
  ])('of one call are checked too: %s', async (field, options) => {
    const failed = new Client(GOOD).createPaymentOrder({ amount: '1' }, options as never);
    await expect(failed).rejects.toMatchObject({ name: 'ConfigurationError', field });
  });
});
