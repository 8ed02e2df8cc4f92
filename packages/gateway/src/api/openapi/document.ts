/**
 * The OpenAPI 3.1 document of the API, built from the schemas and the table of endpoints. `npm run openapi` writes it to
 * docs/openapi.json, and the gateway serves it at /openapi.json.
 */
import { ERROR_CODES, ERROR_STATUSES, type ErrorCode } from '@webpos/sdk/wire';
import type { TSchema } from 'typebox';
import { ErrorSchema } from '../../http/openapi/error.ts';
import { CallbackBodySchema } from '../schemas/order.ts';
import { ENDPOINTS } from './endpoints.ts';
import type { Endpoint } from './endpoint.ts';
import { ERROR_MEANINGS, errorsOf } from './error-codes.ts';
import { CALLBACK } from './examples.ts';
import { ANSWER_HEADERS, CALLBACK_HEADERS, PARAMETERS } from './headers.ts';
import type { Json, OpenApiDocument } from '../../http/openapi/open-api.ts';
import { SchemaReferences } from '../../http/openapi/schema-references.ts';

const DESCRIPTION = `The API with which a shop takes bitcoin payments: it creates payment orders, reads their state, and receives signed callbacks.

Bodies are JSON. Amounts in bitcoin are integers in satoshi; amounts in fiat and rates are decimal strings. Dates are ISO 8601 in UTC with milliseconds. Responses contain exactly the listed fields. Unlisted fields of requests are ignored.

Every path that supports GET also supports HEAD, and every path supports OPTIONS, whose response is 204 with the header Allow. An unsupported method gets 405 with the header Allow.`;

const EXAMPLE_ID = '9b2d7f10-4c3e-4a5b-8d6f-0e1a2b3c4d5e';

/** @param publicUrl The URL of the gateway; without it, the document refers to the host that serves it. */
export function openApiDocument(publicUrl?: string): OpenApiDocument {
  const references = new SchemaReferences();
  const responses: Record<string, Json> = {};
  const paths: Record<string, Record<string, Json>> = {};
  for (const endpoint of ENDPOINTS) {
    const path = (paths[endpoint.path] ??= endpoint.path.includes('{uuid}')
      ? { parameters: [{ $ref: '#/components/parameters/OrderId' }] as unknown as Json }
      : {});
    path[endpoint.method] = operation(endpoint, references, responses);
  }
  const webhooks = { paymentOrderEvent: { post: callback(references) } };
  references.use(ErrorSchema);
  return {
    openapi: '3.1.1',
    info: {
      title: 'WebPOS',
      summary: 'Bitcoin payments with no one in between.',
      version: '1',
      description: DESCRIPTION,
      contact: { name: 'The operator of this gateway' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      {
        url: publicUrl ?? '/',
        description: publicUrl === undefined ? 'The gateway that serves this document.' : 'This gateway.',
      },
    ],
    tags: [
      { name: 'Login', description: 'Exchange client id and secret for an access token.' },
      { name: 'Payment orders', description: 'Create, read and cancel orders, and read events.' },
      {
        name: 'Sandbox',
        description:
          'Drive an order through its life without a real bitcoin transaction. In live mode, these endpoints answer 3001.',
      },
    ],
    paths,
    webhooks,
    components: {
      schemas: references.schemas(),
      responses,
      parameters: PARAMETERS,
      headers: ANSWER_HEADERS,
      securitySchemes: {
        oauth2: {
          type: 'oauth2',
          description: 'Every endpoint except /token requires `Authorization: Bearer <access_token>`.',
          flows: { clientCredentials: { tokenUrl: '/token', scopes: { '*': 'Everything that a POS may do.' } } },
        },
        client: { type: 'http', scheme: 'basic', description: 'Client id and secret of a POS.' },
      },
    },
  };
}

function operation(endpoint: Endpoint, references: SchemaReferences, responses: Record<string, Json>): Json {
  const { body, answer, query } = endpoint;
  const content = (schema: TSchema, example: object | undefined): Json => ({
    'application/json': { schema: references.use(schema), ...(example === undefined ? {} : { example }) },
  });
  return {
    tags: [endpoint.tag],
    operationId: endpoint.operationId,
    summary: endpoint.summary,
    description: endpoint.description,
    security: [endpoint.security === 'basic' ? { client: [] } : { oauth2: ['*'] }],
    parameters: [
      { $ref: '#/components/parameters/X-Api-Version' },
      ...(endpoint.requestHeaders ?? []).map((name) => ({ $ref: `#/components/parameters/${name}` })),
      ...(query === undefined ? [] : queryParameters(query, references)),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              ...content(body.schema, body.example),
              ...(body.form === true
                ? { 'application/x-www-form-urlencoded': { schema: references.use(body.schema), example: body.example } }
                : {}),
            },
          },
        }),
    responses: {
      [answer.status]: {
        description: answer.description,
        headers: headerReferences(['X-Request-Id', ...(answer.headers ?? [])]),
        ...(answer.schema === undefined ? {} : { content: content(answer.schema, answer.example) }),
      },
      ...errorResponses(endpoint, references, responses),
    },
  };
}

function queryParameters(query: TSchema, references: SchemaReferences): Json[] {
  const { properties = {} } = query as { properties?: Record<string, TSchema & { description?: string }> };
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = references.inline(schema) as { description?: string };
    return { name, in: 'query', required: false, ...(description === undefined ? {} : { description }), schema: rest };
  });
}

/** Refusals before a route sees the request, which every operation has: even an unexpected body is checked. */
const EARLY_REFUSALS: ReadonlyMap<number, string> = new Map([
  [408, 'the request took too long'],
  [413, 'the body is too large'],
  [414, 'the URL is longer than 4096 bytes'],
  [431, 'the request has more than 100 headers'],
]);

/** Returns a response for each status with its error codes. Equal responses are shared as components. */
function errorResponses(endpoint: Endpoint, references: SchemaReferences, responses: Record<string, Json>): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorsOf(endpoint)) {
    const status = ERROR_STATUSES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  for (const status of EARLY_REFUSALS.keys()) byStatus.set(status, ['0001']);
  const answers = [...byStatus].map(([status, codes]) => {
    const name = `${status}-${codes.join('-')}`;
    responses[name] ??= errorResponse(status, codes, references);
    return [String(status), { $ref: `#/components/responses/${name}` }];
  });
  return Object.fromEntries(answers) as Json;
}

function errorResponse(status: number, codes: readonly ErrorCode[], references: SchemaReferences): Json {
  const headers = [
    'X-Request-Id',
    ...(status === 401 ? ['WWW-Authenticate'] : []),
    ...(status === 405 ? ['Allow'] : []),
    ...(status === 429 || codes.includes('4006') ? ['Retry-After'] : []),
  ];
  const example = (code: ErrorCode): Json => ({
    error_code: code,
    message: `${ERROR_CODES[code]}: ${EARLY_REFUSALS.get(status) ?? EXAMPLE_MESSAGES[code]}`,
    request_id: EXAMPLE_ID,
    ...(code === '0001' && status === 400 ? { errors: { amount: ['must be a decimal number above 0, got "-1"'] } } : {}),
  });
  return {
    description: codes.map((code) => `${code} ${ERROR_CODES[code]}: ${ERROR_MEANINGS[code]}`).join('\n\n'),
    headers: headerReferences(headers),
    content: {
      'application/json': {
        schema: references.use(ErrorSchema),
        examples: Object.fromEntries(codes.map((code) => [ERROR_CODES[code], { value: example(code) }])),
      },
    },
  };
}

function headerReferences(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function callback(references: SchemaReferences): Json {
  return {
    tags: ['Payment orders'],
    operationId: 'receiveCallback',
    summary: 'A callback about a payment order',
    description:
      'Posted to the `callback_url` of the order. Verify the signature over the raw body, before you parse it, and answer with any 2xx status. A callback that is not acknowledged is retried, so an event may arrive more than once.',
    security: [],
    parameters: CALLBACK_HEADERS.map((name) => ({ $ref: `#/components/parameters/${name}` })),
    requestBody: {
      required: true,
      content: { 'application/json': { schema: references.use(CallbackBodySchema), example: CALLBACK } },
    },
    responses: { '2XX': { description: 'Acknowledges the event.' } },
  };
}

const EXAMPLE_MESSAGES: Readonly<Record<ErrorCode, string>> = {
  '0001': 'amount must be a decimal number above 0, got "-1"',
  '0013':
    'payment.dispute.start cannot happen now: expected one of payment.completed, payment.overpaid, payment.cancelled, payment.expired',
  '1001': 'the client id or the secret is wrong',
  '1002': 'grant_type: expected client_credentials',
  '1004': 'the access token has expired: log in again',
  '1006': 'the refresh token is invalid',
  '1007': 'the access token is not valid',
  '1012': 'this POS may not do this',
  '1013': 'scope: expected *',
  '1018': 'the realm is invalid',
  '2000': 'too many requests: try again in 3 s',
  '3001': 'payment order not found',
  '3003': 'method PUT is not allowed here (allowed: GET, HEAD, OPTIONS, POST)',
  '3007': 'Authorization: expected Bearer with an access token',
  '3012': 'Content-Type: expected application/json',
  '3013': 'Accept: expected a type that includes application/json',
  '4000': 'something went wrong here',
  '4003': 'there is no rate for EUR now',
  '4006': 'the database does not answer now',
};
