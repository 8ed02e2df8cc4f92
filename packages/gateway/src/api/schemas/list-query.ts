/** The query of `GET /payment-order`. */
import { Type, type TSchema } from 'typebox';
import { BLOCKCHAIN_STATUSES, type BlockchainStatus } from '@webpos/sdk/wire';
import { MOST_A_PAGE, MOST_PAGE, USUAL_PAGE_SIZE } from './limits.ts';
import { words } from './values.ts';
import { exactly, type WireSchema } from './wire-schema.ts';

/** What a client may put into the query; numbers as digits. */
export interface ListQuery {
  status?: BlockchainStatus;
  page?: number;
  page_size?: number;
  sort_by?: 'created_at' | 'amount';
  sort_order?: 'desc' | 'asc';
}

const usual = <S extends TSchema>(schema: S, value: unknown): S => ({ ...schema, default: value });

export const ListQuerySchema: WireSchema<ListQuery> = exactly<ListQuery>()(
  Type.Object({
    status: Type.Optional(words(BLOCKCHAIN_STATUSES, 'Only orders of which the chain says this.')),
    page: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST_PAGE, default: 0, description: 'Counted from 0.' })),
    page_size: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_A_PAGE, default: USUAL_PAGE_SIZE, description: 'Orders on a page.' }),
    ),
    sort_by: Type.Optional(
      usual(words(['created_at', 'amount'], 'By when they were made, or by their amount in satoshi.'), 'created_at'),
    ),
    sort_order: Type.Optional(usual(words(['desc', 'asc'], 'The newest or largest first, or last.'), 'desc')),
  }),
);
