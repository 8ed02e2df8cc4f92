/** What the published document says of an endpoint. The routes are held to it by a test, and to the fields by the schemas. */
import type { ErrorCode } from '@webpos/sdk/wire';
import type { TSchema } from 'typebox';

export interface Endpoint {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** With its parameters in braces. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: 'Login' | 'Payment orders' | 'Sandbox' | 'Description';
  readonly summary: string;
  /** In Markdown: paragraphs, `code` and nothing else. */
  readonly description: string;
  readonly security: 'basic' | 'bearer' | 'none';
  readonly query?: TSchema;
  readonly requestHeaders?: readonly ('Idempotency-Key' | 'X-Api-Version')[];
  readonly body?: { readonly schema: TSchema; readonly example: object; readonly form?: boolean };
  readonly answer: {
    readonly status: number;
    readonly description: string;
    readonly schema?: TSchema;
    readonly example?: object;
    readonly headers?: readonly string[];
  };
  /** Beside those that every endpoint has. */
  readonly errors: readonly ErrorCode[];
}
