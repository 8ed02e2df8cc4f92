/** The query of `GET /payment-order`. */
import { Type, type TSchema } from 'typebox';
import { BLOCKCHAIN_STATUSES, type BlockchainStatus } from '@webpos/sdk/wire';
import { MAX_PAGE_SIZE, MAX_CHARACTERS, MAX_PAGE, DEFAULT_PAGE_SIZE } from './limits.ts';
import { words } from './values.ts';
import { exactly, type WireSchema } from './wire-schema.ts';

/** What a client may put into the query; numbers as digits. */
export interface ListQuery {
  status?: BlockchainStatus;
  reference?: string;
  page?: number;
  page_size?: number;
  sort_by?: 'created_at' | 'amount';
  sort_order?: 'desc' | 'asc';
}

const usual = <S extends TSchema>(schema: S, value: unknown): S => ({ ...schema, default: value });

export const ListQuerySchema: WireSchema<ListQuery> = exactly<ListQuery>()(
  Type.Object({
    status: Type.Optional(words(BLOCKCHAIN_STATUSES, 'Only orders of which the chain says this.')),
    reference: Type.Optional(
      Type.String({
        maxLength: MAX_CHARACTERS,
        description:
          'Only orders with exactly this reference. Without U+0000. An extension: other servers of this API ignore it.',
        examples: ['cart 42'],
      }),
    ),
    page: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_PAGE, default: 0, description: 'Counted from 0.' })),
    page_size: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_PAGE_SIZE, default: DEFAULT_PAGE_SIZE, description: 'Orders on a page.' }),
    ),
    sort_by: Type.Optional(
      usual(words(['created_at', 'amount'], 'By when they were made, or by their amount in satoshi.'), 'created_at'),
    ),
    sort_order: Type.Optional(usual(words(['desc', 'asc'], 'The newest or largest first, or last.'), 'desc')),
  }),
);
