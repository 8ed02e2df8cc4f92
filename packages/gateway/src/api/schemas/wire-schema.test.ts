/** Checks that the compiler refuses a schema of another type: `npm run check -- types` fails if an expected error is missing. */
import type { Out, PaymentOrderCreation, Transaction } from '@webpos/sdk/wire';
import { Type, type Static } from 'typebox';
import { describe, expectTypeOf, it } from 'vitest';
import type { PaymentOrderCreationSchema } from './creation.ts';
import { exactly } from '../../http/openapi/wire-schema.ts';

const n = Type.Integer();

describe('a schema of the contract', () => {
  it('has the type of the client library', () => {
    expectTypeOf<Static<typeof PaymentOrderCreationSchema>>().toEqualTypeOf<PaymentOrderCreation>();
    expectTypeOf(exactly<Out>()(Type.Object({ n, amount: n }))).toExtend<object>();
  });

  it('does not compile with another type', () => {
    expectTypeOf(exactly<{ a: string }>()).toBeFunction();
    // @ts-expect-error -- a missing field
    exactly<Out>()(Type.Object({ n }));
    // @ts-expect-error -- an extra field
    exactly<Out>()(Type.Object({ n, amount: n, more: n }));
    // @ts-expect-error -- an extra optional field
    exactly<Out>()(Type.Object({ n, amount: n, more: Type.Optional(n) }));
    // @ts-expect-error -- an optional field that is required
    exactly<Out>()(Type.Object({ n, amount: Type.Optional(n) }));
    // @ts-expect-error -- a nullable field that is not
    exactly<Out>()(Type.Object({ n, amount: Type.Union([n, Type.Null()]) }));
    // @ts-expect-error -- a field of another type
    exactly<Out>()(Type.Object({ n, amount: Type.String() }));
    // @ts-expect-error -- a nested field of another type
    exactly<{ outs: Out[] }>()(Type.Object({ outs: Type.Array(Type.Object({ n, amount: Type.String() })) }));
    // @ts-expect-error -- a missing word
    exactly<Pick<Transaction, 'status'>>()(Type.Object({ status: Type.Enum(['unconfirmed', 'confirmed']) }));
    // @ts-expect-error -- an extra word
    exactly<Pick<Transaction, 'status'>>()(Type.Object({ status: Type.Enum(['unconfirmed', 'confirmed', 'reverted', 'x']) }));
    // @ts-expect-error -- any text instead of the words
    exactly<Pick<Transaction, 'status'>>()(Type.Object({ status: Type.String() }));
    // @ts-expect-error -- a required field that is nullable
    exactly<{ a?: string | null }>()(Type.Object({ a: Type.Union([Type.String(), Type.Null()]) }));
  });
});
