/** The query of `GET /payment-order`. */
import { Type, type TSchema } from 'typebox';
import { BLOCKCHAIN_STATUSES, type BlockchainStatus } from '@webpos/sdk/wire';
import { MAX_PAGE_SIZE, MAX_CHARACTERS, MAX_PAGE, DEFAULT_PAGE_SIZE } from './limits.ts';
import { words } from '../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../http/openapi/wire-schema.ts';

/** The query, with its numbers as digits. */
export interface ListQuery {
  status?: BlockchainStatus;
  reference?: string;
  page?: number;
  page_size?: number;
  sort_by?: 'created_at' | 'amount';
  sort_order?: 'desc' | 'asc';
}

const withDefault = <S extends TSchema>(schema: S, value: unknown): S => ({ ...schema, default: value });

export const ListQuerySchema: WireSchema<ListQuery> = exactly<ListQuery>()(
  Type.Object({
    status: Type.Optional(words(BLOCKCHAIN_STATUSES, 'Only orders with this blockchain status.')),
    reference: Type.Optional(
      Type.String({
        maxLength: MAX_CHARACTERS,
        description:
          'Only orders with exactly this reference, which must not contain U+0000. An extension that other servers of this API ignore.',
        examples: ['cart 42'],
      }),
    ),
    page: Type.Optional(
      Type.Integer({ minimum: 0, maximum: MAX_PAGE, default: 0, description: 'The number of the page, counted from 0.' }),
    ),
    page_size: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_PAGE_SIZE,
        default: DEFAULT_PAGE_SIZE,
        description: 'The number of orders on a page.',
      }),
    ),
    sort_by: Type.Optional(
      withDefault(words(['created_at', 'amount'], 'Sort by creation time or by the amount in satoshi.'), 'created_at'),
    ),
    sort_order: Type.Optional(withDefault(words(['desc', 'asc'], '`desc`: the newest or largest first; `asc`: last.'), 'desc')),
  }),
);
