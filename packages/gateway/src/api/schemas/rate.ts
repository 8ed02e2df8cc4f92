import { Type } from 'typebox';
import type { RateRetrieval } from '@webpos/sdk/wire';
import { described, Decimal, FilledText, IsoDate } from '../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../http/openapi/wire-schema.ts';

export const RateSchema: WireSchema<RateRetrieval> = exactly<RateRetrieval>()(
  Type.Object(
    {
      source: described(FilledText, 'The source of the rate.'),
      value: described(Decimal, 'The price of one bitcoin in fiat.'),
      created_at: IsoDate,
      from: Type.Optional(described(FilledText, '`BTC`.')),
      to: Type.Optional(described(FilledText, 'The currency of the order.')),
    },
    { $id: 'RateRetrieval', description: 'The price of one bitcoin when the order was created.' },
  ),
);
