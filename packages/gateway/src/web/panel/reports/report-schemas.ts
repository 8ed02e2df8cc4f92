/** The schemas of reports in the panel's API. */
import { Type } from 'typebox';
import { described, nullable, Uuid, WholeNumber, words } from '../../../http/openapi/values.ts';
import { REPORT_FORMATS, REPORT_KINDS } from '../../../services/reports/report.ts';
import { REPORT_TYPES } from './send-report.ts';
import type { EndpointSchema } from '../openapi/endpoint-schema.ts';

const EXACT = { additionalProperties: false } as const;
const Day = Type.String({ format: 'date' });
const Decimal = Type.String();

const PERIOD = {
  kind: Type.Optional(words(REPORT_KINDS, 'What a row is. Default: `payments`.')),
  from: Type.Optional(described(Day, 'The first day. Default: the first of the last month.')),
  to: Type.Optional(described(Day, 'The last day, included. Default: the last of the last month.')),
  pos: Type.Optional(Uuid),
  merchant: Type.Optional(Uuid),
  time_zone: Type.Optional(described(Type.String(), "The time zone of the days. Default: the merchant's.")),
};

export const totals: EndpointSchema = {
  operationId: 'sumUpReport',
  summary: 'Sum up a report',
  description: 'The sums of the rows that a report of the same period has, by currency.',
  query: Type.Object(PERIOD),
  answer: {
    description: 'The sums.',
    schema: Type.Object(
      {
        from: Day,
        to: Day,
        time_zone: Type.String(),
        totals: Type.Array(
          Type.Object(
            {
              currency: Type.String(),
              rows: WholeNumber,
              received_satoshi: WholeNumber,
              value_at_order_rate: Decimal,
              value_at_payment: nullable(Decimal, 'Null for orders.'),
              payments_without_rate: nullable(WholeNumber, 'Null for orders.'),
            },
            EXACT,
          ),
        ),
      },
      EXACT,
    ),
  },
};

export const report: EndpointSchema = {
  operationId: 'exportReport',
  summary: 'Export a report',
  description:
    'Streams the rows of a report. A connection that ends early means that the report is not whole. Every export is recorded.',
  query: Type.Object({
    ...PERIOD,
    format: Type.Optional(words(REPORT_FORMATS, 'Default: `csv`. `koinly` and `datev` have payments only.')),
    bom: Type.Optional(described(words(['1']), 'Begin CSV with a byte order mark.')),
    datev_consultant: Type.Optional(Type.String()),
    datev_client: Type.Optional(Type.String()),
    datev_account: Type.Optional(Type.String()),
    datev_contra_account: Type.Optional(Type.String()),
  }),
  answer: {
    description: 'The rows, in the type of the format: `application/jsonl` for `jsonl`, `text/csv` for any other.',
    schema: Type.String(),
    contentTypes: [...new Set(Object.values(REPORT_TYPES).map(([type]) => type.replace(/;.*/, '')))],
  },
};
