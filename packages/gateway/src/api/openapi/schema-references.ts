/** Schemas that have a name are written once, and referred to by it. */
import type { TSchema } from 'typebox';
import type { Json } from './open-api.ts';

export class SchemaReferences {
  readonly #schemas = new Map<string, Json>();

  /** The schema, or a reference to it where it has a name. */
  use(schema: TSchema): Json {
    const { $id: name, ...rest } = schema as { $id?: string };
    if (name === undefined) return this.inline(schema);
    if (!this.#schemas.has(name)) {
      // Taken before its parts are, so that the objects stand before what is in them.
      this.#schemas.set(name, {});
      this.#schemas.set(name, this.inline(rest));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** The schema itself, with references to the named ones in it. */
  inline(schema: TSchema): Json {
    return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, this.#part(value)]));
  }

  /** Every named schema that was used, by its name. */
  schemas(): Readonly<Record<string, Json>> {
    return Object.fromEntries(this.#schemas);
  }

  #part(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item: unknown) => this.#part(item));
    return typeof value === 'object' && value !== null ? this.use(value) : value;
  }
}
