/**
 * Checks the library against the contract: every endpoint, object, field, status, event and error, in its types and at run time.
 */
import { createHash, createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { CallbackHandler, isKnownCallback } from '../src/callbacks/index.ts';
import * as sdk from '../src/index.ts';
import { sampleCallback } from '../src/testing/index.ts';
import * as wire from '../src/wire/index.ts';
import {
  BLOCKCHAIN_STATUSES,
  type Endpoint,
  ENDPOINTS,
  ERRORS,
  EVENTS,
  LIST_QUERY,
  OBJECTS,
  ORDER_STATUSES,
} from './contract.ts';

const UUID = '0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11';
const ORDER = sampleCallback('payment.completed').object;

describe('the types of the contract', () => {
  const types = typesOf('../src/wire/index.ts');

  it.each(Object.entries(OBJECTS))('of %s match it field by field', (name, fields) => {
    expect(types.get(name)).toEqual(fields);
  });

  it('include no other objects', () => {
    expect([...types.keys()].sort()).toEqual(Object.keys(OBJECTS).sort());
  });

  it('are all exported by the main entry', () => {
    const exported = typesOf('../src/index.ts');
    for (const [name, fields] of Object.entries(OBJECTS)) expect(exported.get(name), name).toEqual(fields);
  });
});

describe('the constants of the contract', () => {
  it('include its statuses and events', () => {
    expect(wire.ORDER_STATUSES).toEqual(ORDER_STATUSES);
    expect(wire.BLOCKCHAIN_STATUSES).toEqual(BLOCKCHAIN_STATUSES);
    expect(wire.CALLBACK_EVENTS).toEqual(EVENTS);
  });

  it.each(EVENTS)('include the event %s, which a handler accepts and knows', async (event) => {
    const body = JSON.stringify({ ...sampleCallback('payment.completed'), event });
    const key = createHash('sha256').update('s').digest();
    const headers = { 'chainside-signature': createHmac('sha512', key).update(body).digest('base64') };
    const callback = await new CallbackHandler({ secret: 's' }).parse(headers, body);
    expect(callback.event).toBe(event);
    expect(isKnownCallback(callback)).toBe(true);
  });
});

describe('the errors of the contract', () => {
  it('are complete, with no others', () => {
    expect(wire.ERROR_CODES).toEqual(Object.fromEntries(ERRORS.map(([code, name]) => [code, name])));
    expect(wire.ERROR_STATUSES).toEqual(Object.fromEntries(ERRORS.map(([code, , status]) => [code, status])));
    expect(Object.keys(sdk.API_ERROR_CLASSES).sort()).toEqual(ERRORS.map(([code]) => code).sort());
  });

  it.each(ERRORS)('include %s, %s, thrown as a class of its own', async (errorCode, name, status) => {
    const refusal = { status, body: { error_code: errorCode, message: 'no', request_id: 'r-1' } };
    // A refused token is replaced once.
    const { client } = recorded([refusal, refusal]);
    const thrown: unknown = await client.getPaymentOrder(UUID).catch((error: unknown) => error);
    const className = `${name.replace(/Error$/, '')}Error`;
    const exported: Record<string, unknown> = { ...sdk };
    expect(thrown).toBeInstanceOf(exported[className]);
    expect(thrown).toMatchObject({ name: className, errorCode, status, requestId: 'r-1' });
  });
});

describe('the endpoints of the contract', () => {
  const calls: Record<string, { call: (client: sdk.Client) => Promise<unknown>; body?: string; answer?: object }> = {
    clientCredentialsLogin: {
      call: (client) => client.clientCredentialsLogin(),
      body: 'grant_type=client_credentials&scope=*',
      answer: login(),
    },
    createPaymentOrder: {
      call: (client) => client.createPaymentOrder({ amount: '10.00', reference: null }),
      body: '{"amount":"10.00","reference":null}',
      answer: { ...ORDER, amount: 16_667 },
    },
    getPaymentOrders: {
      call: (client) =>
        client.getPaymentOrders({
          status: 'paid',
          reference: 'cart 42',
          page: 0,
          pageSize: 40,
          sortBy: 'amount',
          sortOrder: 'asc',
        }),
      answer: { total_items: 1, total_pages: 1, paymentorders: [ORDER] },
    },
    getPaymentOrder: { call: (client) => client.getPaymentOrder(UUID), answer: ORDER },
    deletePaymentOrder: { call: (client) => client.deletePaymentOrder(UUID), answer: { cancel_url: 'https://shop.example/' } },
    getCallbacks: { call: (client) => client.getCallbacks(UUID), answer: { callbacks: [{ name: 'payment.expired' }] } },
    paymentUpdate: {
      call: (client) => client.paymentUpdate(UUID, { callback: 'payment.completed' }),
      body: '{"callback":"payment.completed"}',
    },
    paymentReset: { call: (client) => client.paymentReset(UUID), answer: ORDER },
  };

  it('have a call each, also on withAnswer', () => {
    const { client } = recorded([]);
    for (const { call } of ENDPOINTS) {
      expect(client).toHaveProperty(call, expect.any(Function));
      expect(client.withAnswer).toHaveProperty(call, expect.any(Function));
    }
    expect(ENDPOINTS.map(({ call }) => call).sort()).toEqual(Object.keys(calls).sort());
  });

  it.each(ENDPOINTS.map((endpoint): [string, Endpoint] => [`${endpoint.method} ${endpoint.path}`, endpoint]))(
    'include %s, with its request and its answer',
    async (_what, { method, path, call, body, answer }) => {
      const spec = calls[call]!;
      const { client, sent } = recorded(
        [{ status: spec.answer ? 200 : 204, body: spec.answer }],
        call === 'clientCredentialsLogin',
      );
      expect(await spec.call(client)).toEqual(spec.answer);
      const request = sent.at(-1)!;
      const url = new URL(request.url);
      expect([request.method, url.pathname]).toEqual([method, path.replace('{uuid}', UUID)]);
      expect(Object.fromEntries(url.searchParams)).toEqual(call === 'getPaymentOrders' ? LIST_QUERY : {});
      expect(request.body).toBe(spec.body);
      expect(request.headers).toMatchObject({
        'x-api-version': 'v1',
        accept: 'application/json',
        authorization: path === '/token' ? `Basic ${btoa('shop:hush')}` : 'Bearer token-1',
      });
      const form = 'application/x-www-form-urlencoded';
      expect(request.headers['content-type']).toBe(body && (path === '/token' ? form : 'application/json'));
      // The bodies sent and answered match the objects in the table.
      if (answer) expect(missing(answer, spec.answer!)).toEqual([]);
      if (body) expect(missing(body, Object.fromEntries(fieldsOf(request.body!)))).toEqual([]);
    },
  );

  it('use only codes of the table', () => {
    const codes = ERRORS.map(([code]) => code);
    expect(ENDPOINTS.flatMap(({ errors }) => errors).filter((code) => !codes.includes(code))).toEqual([]);
  });
});

function login(): object {
  return { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600, id_token: 'a.b.c', scope: '*' };
}

interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** Makes a client whose fetch records requests, logs in if needed, and then gives the answers in sequence. */
function recorded(answers: { status: number; body: unknown }[], isLogin = false): { client: sdk.Client; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: sdk.Fetch = async (url, { method, headers, body }) => {
    const lowerCased = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    sent.push({ method, url, headers: lowerCased, body });
    if (url.endsWith('/token') && !isLogin) return Response.json(login());
    const answer = answers.shift() ?? { status: 500, body: {} };
    return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), {
      status: answer.status,
      headers: { 'content-type': 'application/json' },
    });
  };
  const options = { mode: 'sandbox', clientId: 'shop', secret: 'hush', maxRetries: 0, http: { fetch } } as const;
  return { client: new sdk.Client(options), sent };
}

/** Returns the required fields of an object that are missing here. */
function missing(name: string, given: object): string[] {
  return Object.keys(OBJECTS[name]!).filter((field) => !field.endsWith('?') && !(field in given));
}

function fieldsOf(body: string): [string, unknown][] {
  return body.startsWith('{') ? Object.entries(JSON.parse(body) as object) : [...new URLSearchParams(body)];
}

/** Returns the interfaces that a module exports, with the types of their fields in the notation of `contract.ts`. */
function typesOf(module: string): Map<string, Record<string, string>> {
  const path = fileURLToPath(new URL(module, import.meta.url));
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  };
  const program = ts.createProgram([path], options);
  const checker = program.getTypeChecker();
  const exports = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)!)!);
  const found = exports
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .filter((symbol) => symbol.flags & ts.SymbolFlags.Interface);
  return new Map(found.map((symbol) => [symbol.name, fieldsOfType(checker, checker.getDeclaredTypeOfSymbol(symbol))]));
}

function fieldsOfType(checker: ts.TypeChecker, type: ts.Type): Record<string, string> {
  const fields = type.getProperties().map((property): [string, string] => {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    return [isOptional ? `${property.name}?` : property.name, written(checker, checker.getTypeOfSymbol(property))];
  });
  return Object.fromEntries(fields);
}

/** Writes a type as text: union members sorted, object names kept, aliases of strings and numbers resolved. */
function written(checker: ts.TypeChecker, type: ts.Type): string {
  if (!type.isUnion() || type.flags & ts.TypeFlags.Boolean)
    return checker.typeToString(type, undefined, ts.TypeFormatFlags.InTypeAlias);
  const words = type.types
    .filter((each) => !(each.flags & ts.TypeFlags.Undefined))
    .map((each) => (each.flags & ts.TypeFlags.BooleanLiteral ? 'boolean' : checker.typeToString(each)));
  return [...new Set(words)].sort((a, b) => (a === 'null' ? 1 : b === 'null' ? -1 : a < b ? -1 : 1)).join(' | ');
}
