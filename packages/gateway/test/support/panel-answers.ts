/** Checks every answer of the panel's API in a test against the OpenAPI document that the gateway serves. */
import Schema from 'typebox/schema';
import { expect } from 'vitest';
import type { OpenApiDocument } from '../../src/http/openapi/open-api.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

interface Operation {
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema: object }>> }>>;
}

export interface PanelAnswers {
  /** Fails the test if the answer is not one that the document describes. Other paths pass. */
  check(method: string, path: string, answer: Answer): Promise<void>;
}

export function panelAnswers(load: () => Promise<{ readonly body: unknown }>): PanelAnswers {
  let loaded: Promise<OpenApiDocument> | undefined;
  return {
    check: async (method, path, answer) => {
      const [plain = ''] = path.split('?');
      if (!plain.startsWith('/panel/api/') || plain === '/panel/api/openapi.json') return;
      const document = await (loaded ??= load().then(({ body }) => body as OpenApiDocument));
      const operation = operationOf(document, method, plain);
      if (operation === undefined) return;
      const what = `${method} ${plain} ${answer.status}`;
      const response = operation.responses[answer.status];
      expect(response, `${what} is not described`).toBeDefined();
      const [contentType = ''] = (answer.headers.get('content-type') ?? '').split(';');
      const schema = response?.content?.[contentType]?.schema;
      if (schema === undefined) expect(response?.content, `${what}: ${contentType} is not described`).toBeUndefined();
      else if (contentType === 'application/json') {
        const [isRight, errors] = Schema.Errors({ ...schema, components: document.components }, answer.body);
        expect(isRight, `${what}: ${JSON.stringify(errors)}`).toBe(true);
      }
    },
  };
}

/** Returns the described operation of a request; undefined for other methods and paths. Fixed parts of a path come before parameters. */
function operationOf({ paths }: OpenApiDocument, method: string, path: string): Operation | undefined {
  const candidates = Object.keys(paths).filter((template) =>
    new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', String.raw`\.`)}$`).test(path),
  );
  const [template] = candidates.sort((one, other) => parametersOf(one) - parametersOf(other));
  return template === undefined ? undefined : (paths[template]?.[method.toLowerCase()] as Operation | undefined);
}

function parametersOf(template: string): number {
  return template.split('{').length - 1;
}
