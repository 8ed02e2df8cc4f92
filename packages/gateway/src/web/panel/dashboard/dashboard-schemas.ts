/** The schema of the summary in the panel's API. */
import { Type } from 'typebox';
import { nullable, Uuid, WholeNumber } from '../../../http/openapi/values.ts';
import type { EndpointSchema } from '../openapi/endpoint-schema.ts';

/** Only the fields that this version answers with. */
const EXACT = { additionalProperties: false } as const;

const SalesSchema = Type.Object(
  {
    orders: Type.Integer({ description: 'Orders that were paid, less those that were charged back.' }),
    amount: Type.String({
      pattern: String.raw`^-?\d+(?:\.\d+)?$`,
      description: 'The sum of their prices.',
      examples: ['120.00'],
    }),
    btc_amount: Type.Integer({ description: 'The sum of their amounts in satoshi.' }),
  },
  { ...EXACT, $id: 'Sales', description: 'What was sold in a period. A chargeback counts on the day on which it happens.' },
);

export const readSummary: EndpointSchema = {
  operationId: 'getSummary',
  summary: 'Read what was sold, and how many orders need attention',
  answer: {
    description: 'By POS and currency. Days are those of the merchant of the POS.',
    schema: Type.Object(
      {
        is_complete: Type.Boolean({ description: 'False while the events of the last 30 days are being counted.' }),
        sales: Type.Array(
          Type.Object(
            {
              pos: Uuid,
              currency: Type.String(),
              time_zone: Type.String({ description: 'The IANA name of the time zone whose days are meant.' }),
              today: SalesSchema,
              last_30_days: nullable(SalesSchema, 'Null for tokens that see today only.'),
            },
            EXACT,
          ),
        ),
        orders_needing_attention: WholeNumber,
        more_need_attention: Type.Boolean({ description: 'Whether there are more than were counted.' }),
      },
      EXACT,
    ),
  },
};
