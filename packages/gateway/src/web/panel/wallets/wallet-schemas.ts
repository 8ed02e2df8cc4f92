/** The schemas of accounts in the panel's API. */
import { Type } from 'typebox';
import { described, FilledText, IsoDate, Uuid, WholeNumber } from '../../../http/openapi/values.ts';
import type { EndpointSchema } from '../openapi/endpoint-schema.ts';

const EXACT = { additionalProperties: false } as const;

const AccountSchema = Type.Object(
  {
    uuid: Uuid,
    name: FilledText,
    network: FilledText,
    next_index: described(WholeNumber, 'The index of the next address.'),
    unused_in_a_row: described(WholeNumber, 'How many addresses before it were never paid.'),
    authentic: described(
      Type.Boolean(),
      'False if its row or one of its addresses was changed outside WebPOS: nothing is sold then.',
    ),
    created_at: IsoDate,
  },
  { ...EXACT, $id: 'Account', description: 'The public half of a wallet.' },
);

export const listAccounts: EndpointSchema = {
  operationId: 'listAccounts',
  summary: 'List wallets',
  description: 'Wallets are added in the panel or by `webpos account create`, after comparing their first addresses.',
  answer: {
    description: 'All wallets, the oldest first.',
    schema: Type.Object({ accounts: Type.Array(AccountSchema) }, { ...EXACT, $id: 'Accounts' }),
  },
};
