/** What an endpoint of the panel's API accepts and answers, for its OpenAPI document. Permission and path come from its route. */
import type { ErrorCode } from '@webpos/sdk/wire';
import type { TSchema } from 'typebox';

/**
 * A subject writes its schemas into a file of its own, which its routes load on demand.
 *
 * @example
 * const schemas = () => import('./thing-schemas.ts');
 * panel.api('/things', { GET: { permission: 'things.read', schema: async () => (await schemas()).listThings, handle } });
 */
export interface EndpointSchema {
  /** Unique in the document, in camel case: the name of a method in generated clients. */
  readonly operationId: string;
  readonly summary: string;
  /** In Markdown: paragraphs and `code`. */
  readonly description?: string;
  /** The parameters of the path by name. Default: UUIDs. */
  readonly params?: Readonly<Record<string, TSchema>>;
  /** An object schema whose properties are the parameters of the query. */
  readonly query?: TSchema;
  readonly body?: TSchema;
  readonly answer: {
    /** Default: 200. */
    readonly status?: number;
    readonly description: string;
    /** Default: the answer has no body. */
    readonly schema?: TSchema;
    /** The types that the body may have. Default: `application/json`. */
    readonly contentTypes?: readonly string[];
  };
  /** Error codes in addition to those of every endpoint. */
  readonly errors?: readonly ErrorCode[];
}
