/** That the compiler tells a schema of another type: `npm run check -- types` fails when one of the expected errors is missing. */
import type { Out, PaymentOrderCreation, Transaction } from '@webpos/sdk/wire';
import { Type, type Static } from 'typebox';
import { describe, expectTypeOf, it } from 'vitest';
import type { PaymentOrderCreationSchema } from './creation.ts';
import { exactly } from './wire-schema.ts';

const n = Type.Integer();

describe('a schema of the contract', () => {
  it('has the type of the client library', () => {
    expectTypeOf<Static<typeof PaymentOrderCreationSchema>>().toEqualTypeOf<PaymentOrderCreation>();
    expectTypeOf(exactly<Out>()(Type.Object({ n, amount: n }))).toExtend<object>();
  });

  it('does not compile when it is another', () => {
    expectTypeOf(exactly<{ a: string }>()).toBeFunction();
    // @ts-expect-error -- a field is missing
    exactly<Out>()(Type.Object({ n }));
    // @ts-expect-error -- a field is too many
    exactly<Out>()(Type.Object({ n, amount: n, more: n }));
    // @ts-expect-error -- an optional field is too many
    exactly<Out>()(Type.Object({ n, amount: n, more: Type.Optional(n) }));
    // @ts-expect-error -- a field may be missing that may not
    exactly<Out>()(Type.Object({ n, amount: Type.Optional(n) }));
    // @ts-expect-error -- a field may be null that may not
    exactly<Out>()(Type.Object({ n, amount: Type.Union([n, Type.Null()]) }));
    // @ts-expect-error -- a field is of another type
    exactly<Out>()(Type.Object({ n, amount: Type.String() }));
    // @ts-expect-error -- a field of a nested object is of another type
    exactly<{ outs: Out[] }>()(Type.Object({ outs: Type.Array(Type.Object({ n, amount: Type.String() })) }));
    // @ts-expect-error -- a word is missing
    exactly<Pick<Transaction, 'status'>>()(Type.Object({ status: Type.Enum(['unconfirmed', 'confirmed']) }));
    // @ts-expect-error -- a word is too many
    exactly<Pick<Transaction, 'status'>>()(Type.Object({ status: Type.Enum(['unconfirmed', 'confirmed', 'reverted', 'x']) }));
    // @ts-expect-error -- any text instead of words
    exactly<Pick<Transaction, 'status'>>()(Type.Object({ status: Type.String() }));
    // @ts-expect-error -- a field that may not be missing may be null
    exactly<{ a?: string | null }>()(Type.Object({ a: Type.Union([Type.String(), Type.Null()]) }));
  });
});
