/** An endpoint of the published document. Tests compare it with the routes, and the schemas with the parsers. */
import type { ErrorCode } from '@webpos/sdk/wire';
import type { TSchema } from 'typebox';

export interface Endpoint {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** The path, with its parameters in braces. */
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
  /** Error codes in addition to those of every endpoint. */
  readonly errors: readonly ErrorCode[];
}
