/** The schemas of the audit log in the panel's API. */
import { Type } from 'typebox';
import { described, FilledText, Hash, IsoDate, nullable, WholeNumber, words } from '../../../http/openapi/values.ts';
import { AUDIT_SUBJECTS } from '../../../people/audit-subjects.ts';
import type { EndpointSchema } from '../openapi/endpoint-schema.ts';

const EXACT = { additionalProperties: false } as const;

const AuditEntrySchema = Type.Object(
  {
    position: described(WholeNumber, 'From 1, without gaps.'),
    at: IsoDate,
    actor: Type.Object(
      {
        kind: words(['person', 'token', 'operator', 'command', 'buyer', 'gateway']),
        id: Type.Optional(Type.String({ description: 'Of a person or token.' })),
        name: Type.Optional(Type.String()),
      },
      EXACT,
    ),
    action: described(FilledText, 'Such as `order.settle`.'),
    subject: Type.Object({ kind: words(AUDIT_SUBJECTS), id: nullable(Type.String()) }, EXACT),
    details: Type.Unknown({ description: 'The values `before` and `after`, and a `note`.' }),
    hash: described(Hash, 'SHA-256 of the entry and of the hash before it.'),
  },
  { ...EXACT, $id: 'AuditEntry', description: 'Who changed what.' },
);

const Time = Type.Optional(Type.String({ format: 'date-time' }));

export const listAudit: EndpointSchema = {
  operationId: 'listAudit',
  summary: 'List who changed what',
  description:
    'The newest first. A search that finds little is cut off after 50,000 entries: the page is then not full, and `next` goes on.',
  query: Type.Object({
    actor: Type.Optional(described(FilledText, 'A kind of actor such as `command`, the id of a person or token, or a name.')),
    action: Type.Optional(described(FilledText, 'An action such as `order.settle`, or a group such as `order`.')),
    subject: Type.Optional(described(FilledText, 'A kind such as `order`, an id, or both with a space between.')),
    since: Time,
    until: Time,
    before: Type.Optional(described(WholeNumber, 'The `next` of the page before.')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 25 })),
  }),
  answer: {
    description: 'One page.',
    schema: Type.Object(
      {
        entries: Type.Array(AuditEntrySchema),
        next: nullable(WholeNumber, 'Null on the last page.'),
        is_cut_off: Type.Boolean(),
      },
      EXACT,
    ),
  },
};
