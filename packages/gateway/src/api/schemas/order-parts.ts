/** The objects in a payment order. */
import { Type } from 'typebox';
import {
  BLOCKCHAIN_STATUSES,
  ORDER_STATUSES,
  type CurrencyRetrieval,
  type DepositAccountLite,
  type Out,
  type PaidStatus,
  type PaymentOrderCreator,
  type PaymentOrderState,
  type Transaction,
} from '@webpos/sdk/wire';
import {
  Decimal,
  described,
  FilledText,
  Hash,
  IsoDate,
  nullable,
  Satoshi,
  Uuid,
  WholeNumber,
  words,
} from '../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../http/openapi/wire-schema.ts';

export const CurrencySchema: WireSchema<CurrencyRetrieval> = exactly<CurrencyRetrieval>()(
  Type.Object(
    {
      uuid: Uuid,
      name: described(FilledText, 'Its ISO 4217 code.'),
      type: words(['fiat', 'crypto']),
    },
    { $id: 'CurrencyRetrieval', description: 'A currency.' },
  ),
);

const PaidStatusSchema: WireSchema<PaidStatus> = exactly<PaidStatus>()(
  Type.Object(
    {
      crypto: Satoshi,
      fiat: described(Decimal, "The same amount by the order's own rate, rounded half to even to the decimals of the currency."),
    },
    { $id: 'PaidStatus', description: 'An amount in satoshi and in the currency of the order.' },
  ),
);

export const PaymentOrderStateSchema: WireSchema<PaymentOrderState> = exactly<PaymentOrderState>()(
  Type.Object(
    {
      status: words(ORDER_STATUSES, 'The state that matters to a shop.'),
      blockchain_status: words(BLOCKCHAIN_STATUSES, 'The state with the progress of the payment on the chain.'),
      paid: nullable(PaidStatusSchema, 'The confirmed amount: with the confirmations that the order requires.'),
      in_confirmation: nullable(PaidStatusSchema, 'The amount that has been seen and is not confirmed yet.'),
      unpaid: nullable(PaidStatusSchema, 'The amount that is still missing; never negative.'),
    },
    { $id: 'PaymentOrderState', description: 'The state of a payment order.' },
  ),
);

const OutSchema: WireSchema<Out> = exactly<Out>()(
  Type.Object(
    { n: described(WholeNumber, 'The index of the output in its transaction.'), amount: Satoshi },
    { $id: 'Out', description: 'An output of a transaction.' },
  ),
);

export const TransactionSchema: WireSchema<Transaction> = exactly<Transaction>()(
  Type.Object(
    {
      txid: Hash,
      normalized_txid: described(Hash, 'Deprecated: the hash of the transaction without its input scripts.'),
      status: words(['unconfirmed', 'confirmed', 'reverted']),
      blockchain_status: words(['mempool', 'unconfirmed', 'confirmed', 'reverted']),
      created_at: described(IsoDate, "When the transaction was first seen, by the gateway's clock."),
      outs: Type.Array(OutSchema, { description: 'The outputs that pay the order.' }),
      outs_sum: described(Satoshi, 'The sum of `outs`, in satoshi.'),
    },
    { $id: 'Transaction', description: 'A bitcoin transaction that pays an order.' },
  ),
);

const DepositAccountSchema: WireSchema<DepositAccountLite> = exactly<DepositAccountLite>()(
  Type.Object(
    { uuid: Uuid, name: FilledText, type: words(['bank', 'bitcoin']) },
    { $id: 'DepositAccountLite', description: 'The account that receives the payments of a POS.' },
  ),
);

export const CreatorSchema: WireSchema<PaymentOrderCreator> = exactly<PaymentOrderCreator>()(
  Type.Object(
    {
      uuid: Uuid,
      name: FilledText,
      type: words(['web', 'mobile']),
      active: Type.Optional(Type.Boolean()),
      deposit_account: DepositAccountSchema,
    },
    { $id: 'PaymentOrderCreator', description: 'The point of sale (POS) that created the order.' },
  ),
);
