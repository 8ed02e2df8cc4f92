/**
 * Schemas of the contract's objects, which the compiler compares with the client library's types: a missing or extra field, a field that
 * is optional on one side only, or a null that the other side does not allow is a compile error.
 */
import type { Static, TSchema, TUnsafe } from 'typebox';

/** A JSON Schema that is known to describe `T`. */
export type WireSchema<T> = TUnsafe<T>;

/** True if both types are the same, whether written as an interface or derived from a schema. */
type Same<A, B> =
  (<T>() => T extends Flat<A> ? 1 : 2) extends <T>() => T extends Flat<B> ? 1 : 2
    ? true
    : ['differs from the type of the contract', A, B];
type Flat<T> = T extends readonly (infer Item)[]
  ? Flat<Item>[]
  : T extends object
    ? // JSON has no undefined, but programs may set an optional field to it. Whether a program may write a field is not its matter.
      { -readonly [Field in keyof T]: Flat<Exclude<T[Field], undefined>> }
    : T;

/**
 * Accepts a schema as the schema of `T`, if it describes exactly `T`.
 *
 * @example const Out: WireSchema<Wire.Out> = exactly<Wire.Out>()(Type.Object({ n: Type.Integer(), amount: Type.Integer() }));
 */
export function exactly<T>(): <S extends TSchema>(
  schema: S,
  ...mustBeTheSame: Same<Static<S>, T> extends true ? [] : [Same<Static<S>, T>]
) => WireSchema<T> {
  return (schema, ..._proof) => schema as unknown as WireSchema<T>;
}
