/** The schemas of payment links in the panel's API. */
import { Type } from 'typebox';
import {
  Decimal,
  described,
  FilledText,
  IsoDate,
  nullable,
  Url,
  Uuid,
  WholeNumber,
  words,
} from '../../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../../http/openapi/wire-schema.ts';
import { MAX_DESCRIPTION_CHARACTERS, MAX_QUANTITY, MAX_TITLE_CHARACTERS } from '../../../links/read-terms.ts';
import type { LinkJson } from '../../../services/links/link-json.ts';
import type { EndpointSchema } from '../openapi/endpoint-schema.ts';

const EXACT = { additionalProperties: false } as const;

const LinkSchema: WireSchema<LinkJson> = exactly<LinkJson>()(
  Type.Object(
    {
      uuid: Uuid,
      pos: Uuid,
      name: described(FilledText, 'The end of its URL.'),
      url: Url,
      title: FilledText,
      description: nullable(FilledText),
      currency: Type.String({ pattern: '^[A-Z]{3}$' }),
      amount: nullable(Decimal, 'Null if the buyer enters it.'),
      min_amount: nullable(Decimal),
      max_amount: nullable(Decimal),
      quantity: nullable(WholeNumber, 'How often it may be paid; null without a limit.'),
      expires_at: nullable(IsoDate),
      takes_note: Type.Boolean(),
      active: Type.Boolean(),
      paid: described(WholeNumber, 'Orders that were paid.'),
      open: described(WholeNumber, 'Orders that wait for their payment or for its confirmations.'),
      created_at: IsoDate,
    },
    { ...EXACT, $id: 'PaymentLink', description: 'A page on which anyone opens and pays an order of a POS.' },
  ),
);

const TERMS = {
  description: Type.Optional(nullable(Type.String({ maxLength: MAX_DESCRIPTION_CHARACTERS }))),
  amount: Type.Optional(
    nullable(Decimal, 'The fixed amount in the currency of the POS. Without it, the buyer enters the amount.'),
  ),
  min_amount: Type.Optional(nullable(Decimal)),
  max_amount: Type.Optional(nullable(Decimal)),
  quantity: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: MAX_QUANTITY }))),
  expires_at: Type.Optional(nullable(Type.String({ format: 'date-time' }))),
  takes_note: Type.Optional(Type.Boolean()),
};
const Title = Type.String({ minLength: 1, maxLength: MAX_TITLE_CHARACTERS });

const PAGE = {
  before: Type.Optional(described(Uuid, 'The `next` of the page before.')),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 25 })),
};

export const listLinks: EndpointSchema = {
  operationId: 'listLinks',
  summary: 'List payment links',
  query: Type.Object({ pos: Type.Optional(Uuid), ...PAGE }),
  answer: {
    description: 'One page, the newest first.',
    schema: Type.Object({ links: Type.Array(LinkSchema), next: nullable(Uuid) }, EXACT),
  },
  errors: ['3001'],
};

export const createLink: EndpointSchema = {
  operationId: 'createLink',
  summary: 'Create a payment link',
  body: Type.Object({
    pos: Uuid,
    name: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$',
        description: 'The end of its URL. If it is left out, nobody guesses the URL.',
      }),
    ),
    title: Title,
    ...TERMS,
  }),
  answer: { status: 201, description: 'The link.', schema: LinkSchema },
  errors: ['3001'],
};

export const showLink: EndpointSchema = {
  operationId: 'getLink',
  summary: 'Read a payment link',
  answer: { description: 'The link.', schema: LinkSchema },
};

export const updateLink: EndpointSchema = {
  operationId: 'updateLink',
  summary: 'Change a payment link',
  description:
    'Fields that are left out stay as they are; null removes a value. Orders that were opened before keep their terms.',
  body: Type.Object({ title: Type.Optional(Title), ...TERMS, active: Type.Optional(Type.Boolean()) }),
  answer: { description: 'The link.', schema: LinkSchema },
};

export const listLinkOrders: EndpointSchema = {
  operationId: 'listLinkOrders',
  summary: 'List the orders of a payment link',
  query: Type.Object(PAGE),
  answer: {
    description: 'One page, the newest first.',
    schema: Type.Object(
      {
        orders: Type.Array(
          Type.Object(
            {
              uuid: Uuid,
              status: words(['pending', 'paid', 'disputed', 'charged_back', 'expired', 'cancelled']),
              amount: Decimal,
              currency: Type.String({ pattern: '^[A-Z]{3}$' }),
              details: nullable(Type.String(), 'The note of the buyer, or the title of the link.'),
              created_at: IsoDate,
            },
            { ...EXACT, $id: 'PaymentLinkOrder' },
          ),
        ),
        next: nullable(Uuid),
      },
      EXACT,
    ),
  },
};
