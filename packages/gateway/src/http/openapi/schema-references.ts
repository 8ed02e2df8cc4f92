/** Collects named schemas, so that the document contains each once and refers to it by name. */
import type { TSchema } from 'typebox';
import type { Json } from './open-api.ts';

export class SchemaReferences {
  readonly #schemas = new Map<string, Json>();

  /** Returns the schema, or a reference to it if it has a name. */
  use(schema: TSchema): Json {
    const { $id: name, ...rest } = schema as { $id?: string };
    if (name === undefined) return this.inline(schema);
    if (!this.#schemas.has(name)) {
      // Registered before its parts, so that each object precedes the objects in it.
      this.#schemas.set(name, {});
      this.#schemas.set(name, this.inline(rest));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Returns the schema itself, with references to the named schemas in it. */
  inline(schema: TSchema): Json {
    return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, this.#part(value)]));
  }

  /** Returns the named schemas that were used, by name. */
  schemas(): Readonly<Record<string, Json>> {
    return Object.fromEntries(this.#schemas);
  }

  #part(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item: unknown) => this.#part(item));
    return typeof value === 'object' && value !== null ? this.use(value) : value;
  }
}
