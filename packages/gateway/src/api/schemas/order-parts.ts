/** The objects inside a payment order. */
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
import { Decimal, described, FilledText, Hash, IsoDate, nullable, Satoshi, Uuid, WholeNumber, words } from './values.ts';
import { exactly, type WireSchema } from './wire-schema.ts';

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
      fiat: described(Decimal, "By the order's own terms, rounded half even to the decimals of the currency."),
    },
    { $id: 'PaidStatus', description: 'One amount in bitcoin and in the currency of the order.' },
  ),
);

export const PaymentOrderStateSchema: WireSchema<PaymentOrderState> = exactly<PaymentOrderState>()(
  Type.Object(
    {
      status: words(ORDER_STATUSES, 'What a shop needs to know.'),
      blockchain_status: words(BLOCKCHAIN_STATUSES, 'What the chain says.'),
      paid: nullable(PaidStatusSchema, 'What is as deep in the chain as the order asks for.'),
      in_confirmation: nullable(PaidStatusSchema, 'What has been seen but is not yet that deep.'),
      unpaid: nullable(PaidStatusSchema, 'What is still missing; never below zero.'),
    },
    { $id: 'PaymentOrderState', description: 'Where a payment order stands.' },
  ),
);

const OutSchema: WireSchema<Out> = exactly<Out>()(
  Type.Object(
    { n: described(WholeNumber, 'Its index in the transaction.'), amount: Satoshi },
    { $id: 'Out', description: 'One output of a transaction.' },
  ),
);

export const TransactionSchema: WireSchema<Transaction> = exactly<Transaction>()(
  Type.Object(
    {
      txid: Hash,
      normalized_txid: described(Hash, 'Deprecated: the hash of the transaction with its input scripts emptied.'),
      status: words(['unconfirmed', 'confirmed', 'reverted']),
      blockchain_status: words(['mempool', 'unconfirmed', 'confirmed', 'reverted']),
      created_at: described(IsoDate, "When it was first seen, by the gateway's own clock."),
      outs: Type.Array(OutSchema, { description: 'The outputs that pay the order, and no others.' }),
      outs_sum: described(Satoshi, 'The sum of `outs`, in satoshi.'),
    },
    { $id: 'Transaction', description: 'A bitcoin transaction that pays an order.' },
  ),
);

const DepositAccountSchema: WireSchema<DepositAccountLite> = exactly<DepositAccountLite>()(
  Type.Object(
    { uuid: Uuid, name: FilledText, type: words(['bank', 'bitcoin']) },
    { $id: 'DepositAccountLite', description: 'The account that the money of a POS goes to.' },
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
    { $id: 'PaymentOrderCreator', description: 'The point of sale (POS) that made an order.' },
  ),
);
