/** Renders the OpenAPI document as a page: plain HTML without scripts or external resources. */
import { createHash } from 'node:crypto';
import { ERROR_CODES, ERROR_STATUSES, type ErrorCode } from '@webpos/sdk/wire';
import { ERROR_MEANINGS } from '../error-codes.ts';
import type { Json, OpenApiDocument } from '../../../http/openapi/open-api.ts';
import { field, fieldList, nameOf, type Schema } from './fields.ts';
import { html, inline, prose, type Html } from './html.ts';
import { STYLE } from './style.ts';

/** The Content-Security-Policy of the page, which allows only its own style. */
export const docsPolicy: string = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Operation extends Json {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security: readonly Json[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly description: string; readonly content?: Content }>
  >;
}
interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}
type Content = Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;

/** Returns a complete HTML document. */
export function renderDocsPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, { parameters: _shared, ...methods }]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation: operation as unknown as Operation })),
  );
  const { paymentOrderEvent } = document['webhooks'] as { paymentOrderEvent: { post: Operation } };
  const [server] = document['servers'] as readonly [{ url: string }];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${document.info.title}: the API</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${{ html: `<style>${STYLE}</style>` }}
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        <header>
          <h1>${document.info.title}: the API</h1>
          <p>
            Version ${document.info.version}, at <code>${server.url}</code>. For programs:
            <a href="openapi.json">openapi.json</a>.
          </p>
        </header>
        <nav aria-label="Contents">
          <ul>
            ${operations.map(
              ({ method, path, operation }) =>
                html`<li>
                  <a href="#${operation.operationId}">${operation.summary}</a> <code>${method.toUpperCase()} ${path}</code>
                </li>`,
            )}
            <li><a href="#callbacks">Callbacks</a></li>
            <li><a href="#errors">Errors</a></li>
            <li><a href="#objects">Objects</a></li>
          </ul>
        </nav>
        <main id="main">
          ${prose(document.info.description)}
          <h2 id="endpoints">Endpoints</h2>
          ${operations.map(({ method, path, operation }) => endpoint(document, method, path, operation))}
          <h2 id="callbacks">Callbacks</h2>
          ${endpoint(document, 'post', 'callback_url of the order', paymentOrderEvent.post)}
          <h2 id="errors">Errors</h2>
          <p>Every response with a status of 300 or higher has the body <a href="#Error">Error</a>.</p>
          <dl>${errorCodes()}</dl>
          <h2 id="objects">Objects</h2>
          ${Object.entries(document.components.schemas).map(([name, schema]) => object(name, schema))}
        </main>
      </body>
    </html>`;
  return page.html;
}

function endpoint(document: OpenApiDocument, method: string, path: string, operation: Operation): Html {
  const { operationId, summary, description, security, requestBody, responses } = operation;
  const parameters = operation.parameters.map((parameter): Parameter =>
    parameter.$ref === undefined ? parameter : (component(document, parameter.$ref) as unknown as Parameter),
  );
  const authorization = security.map((scheme) =>
    'client' in scheme ? 'Basic, with client id and secret' : 'Bearer, with an access token',
  );
  return html`<section aria-labelledby="${operationId}">
    <h3 id="${operationId}">${summary}</h3>
    <p>
      <code><span class="verb">${method}</span> ${path}</code>
    </p>
    ${prose(description)} ${authorization.map((text) => html`<p>Authorization: ${text}.</p>`)}
    ${parameters.length === 0 ? '' : html`<h4>Headers and query</h4>`}
    ${
      parameters.length === 0
        ? ''
        : html`<dl>
            ${parameters.map(({ name, schema, description: text, in: place, required }) =>
              field(
                name,
                text === undefined ? schema : { ...schema, description: text },
                `, in the ${place}${required ? '' : ', optional'}`,
              ),
            )}
          </dl>`
    }
    ${requestBody === undefined ? '' : bodies(summary, 'Body', requestBody.content)}
    ${Object.entries(responses).map(([status, answer]) => {
      if (answer.$ref !== undefined) return '';
      const title = status.startsWith('2') ? `Response ${status.replace('2XX', 'expected: any 2xx')}` : `Response ${status}`;
      return answer.content === undefined
        ? html`<h4>${title}</h4>
            <p>${inline(answer.description)}</p>`
        : bodies(summary, title, answer.content);
    })}
    ${errors(document, responses)}
  </section>`;
}

function bodies(label: string, title: string, content: Content): Html {
  const types = Object.keys(content);
  const [{ schema, example } = { schema: {}, example: undefined }] = Object.values(content);
  const name = schema.$ref === undefined ? undefined : nameOf(schema.$ref);
  return html`<h4>${title}</h4>
    <p>
      ${name === undefined ? '' : html`<a href="#${name}">${name}</a>, `}${types.map((type, at) => html`${at === 0 ? '' : ' or '}<code>${type}</code>`)}
    </p>
    ${
      example === undefined
        ? ''
        : html`<pre
            tabindex="0"
            role="region"
            aria-label="Example: ${label}, ${title}"
          ><code>${JSON.stringify(example, null, 2)}</code></pre>`
    }`;
}

function errors(document: OpenApiDocument, responses: Operation['responses']): Html {
  const lines = Object.entries(responses).flatMap(([status, { $ref }]) => {
    if ($ref === undefined) return [];
    const { content } = component(document, $ref) as {
      content: { 'application/json': { examples: Record<string, { value: { error_code: ErrorCode } }> } };
    };
    return Object.values(content['application/json'].examples).map(
      ({ value }) =>
        html`<li>${status}: <a href="#error-${value.error_code}">${value.error_code} ${ERROR_CODES[value.error_code]}</a></li>`,
    );
  });
  return lines.length === 0
    ? html``
    : html`<h4>Errors</h4>
        <ul>
          ${lines}
        </ul>`;
}

function errorCodes(): Html[] {
  return (Object.keys(ERROR_CODES) as ErrorCode[]).sort().map(
    (code) =>
      html`<dt id="error-${code}">
          <code>${code}</code> ${ERROR_CODES[code]} <span class="quiet">status ${ERROR_STATUSES[code]}</span>
        </dt>
        <dd><p>${inline(ERROR_MEANINGS[code])}</p></dd>`,
  );
}

function object(name: string, schema: Schema): Html {
  return html`<section aria-labelledby="${name}">
    <h3 id="${name}">${name}</h3>
    ${prose(schema.description ?? '')} ${fieldList(schema)}
  </section>`;
}

function component({ components }: OpenApiDocument, reference: string): Json {
  const [kind = '', name = ''] = reference.replace('#/components/', '').split('/');
  const group = components[kind] as Readonly<Record<string, Json>>;
  const found = group[name];
  if (found === undefined) throw new Error(`the document does not contain ${reference}`);
  return found;
}
