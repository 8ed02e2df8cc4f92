/** The OpenAPI 3.1 document of the panel's API, built from the routes and the schemas that they declare. */
import { ERROR_CODES, ERROR_STATUSES, type ErrorCode } from '@webpos/sdk/wire';
import { Type, type TSchema } from 'typebox';
import { ErrorSchema } from '../../../http/openapi/error.ts';
import type { Json, OpenApiDocument } from '../../../http/openapi/open-api.ts';
import { SchemaReferences } from '../../../http/openapi/schema-references.ts';
import { Uuid } from '../../../http/openapi/values.ts';
import type { PanelRoute } from '../panel-router.ts';
import type { EndpointSchema } from './endpoint-schema.ts';

const DESCRIPTION = `The API of the panel: what people do in the panel and operators do with commands, for programs.

Every request needs a token: \`Authorization: Bearer …\`. A token sees some POS or all of them, and has permissions; what it may not see is 3001, what it may not do is 1012. Every operation lists the permission that it needs as the scope of its security requirement.

Bodies are JSON. Amounts in bitcoin are integers in satoshi; amounts in fiat and rates are decimal strings. Dates are ISO 8601 in UTC with milliseconds. Unlisted fields of requests are ignored. Newer versions may add fields to answers.`;

/** Errors that every endpoint can answer with. */
const COMMON_ERRORS: readonly ErrorCode[] = ['0001', '1007', '1012', '2000', '3003', '3007', '3013', '4000', '4006'];

export interface DescribedRoute extends Pick<PanelRoute, 'method' | 'path' | 'permission'> {
  readonly described: EndpointSchema;
}

/** Loads the schemas of all endpoints. */
export async function describedRoutes(routes: readonly PanelRoute[]): Promise<DescribedRoute[]> {
  const endpoints = routes.filter(({ kind }) => kind === 'api');
  return Promise.all(
    endpoints.map(async ({ method, path, permission, schema }) => {
      const described = schema === undefined ? undescribed({ method, path }) : await schema();
      return { method, path, permission, described };
    }),
  );
}

/** The least that can be said of an endpoint. */
function undescribed({ method, path }: Pick<PanelRoute, 'method' | 'path'>): EndpointSchema {
  const name = path
    .split(/[/:_-]+/)
    .slice(3)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1));
  return {
    operationId: method.toLowerCase() + name.join(''),
    summary: `${method} ${inBraces(path)}`,
    answer: { description: 'The answer.', schema: Type.Unknown() },
  };
}

export function panelDocument(routes: readonly DescribedRoute[], publicUrl: string): OpenApiDocument {
  const references = new SchemaReferences();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) (paths[inBraces(route.path)] ??= {})[route.method.toLowerCase()] = operation(route, references);
  references.use(ErrorSchema);
  return {
    openapi: '3.1.1',
    info: {
      title: 'WebPOS panel',
      version: '1',
      description: DESCRIPTION,
      contact: { name: 'The operator of this gateway' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl, description: 'This gateway.' }],
    tags: [...new Set(routes.map(({ path }) => tagOf(path)))].map((name) => ({ name })),
    paths,
    components: {
      schemas: references.schemas(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of the panel, such as one of `webpos panel token`.' },
      },
    },
  };
}

function operation({ path, permission, described }: DescribedRoute, references: SchemaReferences): Json {
  const { operationId, summary, description, body, query, answer } = described;
  const { schema, contentTypes = ['application/json'] } = answer;
  return {
    tags: [tagOf(path)],
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    security: [{ token: [permission] }],
    parameters: [
      ...parameterNames(path).map((name) => pathParameter(name, described.params?.[name] ?? Uuid, references)),
      ...(query === undefined ? [] : queryParameters(query, references)),
    ],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: references.use(body) } } } }),
    responses: {
      [answer.status ?? 200]: {
        description: answer.description,
        ...(schema === undefined ? {} : { content: contentOf(contentTypes, references.use(schema)) }),
      },
      ...errorResponses(described, path, references),
    },
  };
}

function contentOf(types: readonly string[], schema: Json): Json {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

/** `/panel/api/callbacks/:callback` is about callbacks. */
function tagOf(path: string): string {
  return path.split('/')[3] ?? '';
}

function inBraces(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

function parameterNames(path: string): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
}

function pathParameter(name: string, schema: TSchema, references: SchemaReferences): Json {
  return { name, in: 'path', required: true, schema: references.use(schema) };
}

function queryParameters(query: TSchema, references: SchemaReferences): Json[] {
  const { properties = {}, required = [] } = query as { properties?: Record<string, TSchema>; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = references.inline(schema) as { description?: string };
    return {
      name,
      in: 'query',
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

function errorResponses({ errors = [], body }: EndpointSchema, path: string, references: SchemaReferences): Json {
  const codes = new Set<ErrorCode>([
    ...COMMON_ERRORS,
    ...(path.includes(':') ? (['3001'] as const) : []),
    ...(body === undefined ? [] : (['3012'] as const)),
    ...errors,
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...codes].sort()) {
    const status = ERROR_STATUSES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      String(status),
      {
        description: ofStatus.map((code) => `${code} ${ERROR_CODES[code]}`).join(', '),
        content: { 'application/json': { schema: references.use(ErrorSchema) } },
      },
    ]),
  );
}
