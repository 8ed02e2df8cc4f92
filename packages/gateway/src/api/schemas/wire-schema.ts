/**
 * A schema of an object of the contract, held to the client library's type of it by the compiler: a field too many, a field
 * missing, an optional one that is not, or a null that the other side does not know does not compile.
 */
import type { Static, TSchema, TUnsafe } from 'typebox';

/** A JSON Schema of which it is known that it describes `T`. */
export type WireSchema<T> = TUnsafe<T>;

/** The same type in each direction, whether it is written as an interface or drawn from a schema. */
type Same<A, B> =
  (<T>() => T extends Flat<A> ? 1 : 2) extends <T>() => T extends Flat<B> ? 1 : 2 ? true : ['not the type of the contract', A, B];
type Flat<T> = T extends readonly (infer Item)[]
  ? Flat<Item>[]
  : T extends object
    ? // JSON has no undefined: a program may set it where a field may be missing.
      { [Field in keyof T]: Flat<Exclude<T[Field], undefined>> }
    : T;

/**
 * Takes a schema for the schema of `T`, where it is one.
 *
 * @example const Out: WireSchema<Wire.Out> = exactly<Wire.Out>()(Type.Object({ n: Type.Integer(), amount: Type.Integer() }));
 */
export function exactly<T>(): <S extends TSchema>(
  schema: S,
  ...mustBeTheSame: Same<Static<S>, T> extends true ? [] : [Same<Static<S>, T>]
) => WireSchema<T> {
  return (schema, ..._proof) => schema as unknown as WireSchema<T>;
}
