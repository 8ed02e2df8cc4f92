/** The schemas of settings in the panel's API, from the lists of settings. */
import { Type, type TSchema } from 'typebox';
import { MERCHANT_SETTINGS } from '../../../services/merchants/settings/merchant-settings.ts';
import { POS_SETTINGS } from '../../../services/merchants/settings/pos-settings.ts';
import { jsonNameOf, type Setting, type Settings } from '../../../services/merchants/settings/setting.ts';
import { Decimal, described, FilledText, IsoDate, nullable, Uuid, WholeNumber, words } from '../../../http/openapi/values.ts';
import type { EndpointSchema } from '../openapi/endpoint-schema.ts';

const EXACT = { additionalProperties: false } as const;
const UUIDS: ReadonlySet<string> = new Set(['account', 'merchant']);

type AnySetting = Setting<never, unknown, never>;

/** The schema of a setting in answers and requests. */
function valueOf(name: string, { kind = 'text', words: allowed, reset, help }: AnySetting): TSchema {
  const description = `${help.text.charAt(0).toUpperCase()}${help.text.slice(1)}.`;
  const text = allowed === undefined ? FilledText : words(allowed);
  const kinds: Readonly<Record<typeof kind, TSchema>> = {
    text: UUIDS.has(name) ? Uuid : text,
    integer: WholeNumber,
    percent: WholeNumber,
    flag: Type.Boolean(),
    lines: Type.Array(FilledText),
  };
  if (reset !== undefined && kind !== 'lines') return nullable(kinds[kind], description);
  return described(kinds[kind], description);
}

function valuesOf(settings: Settings<never, unknown, never>): Readonly<Record<string, TSchema>> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [jsonNameOf(name, setting), valueOf(name, setting)]),
  );
}

function optional(values: Readonly<Record<string, TSchema>>): Readonly<Record<string, TSchema>> {
  return Object.fromEntries(Object.entries(values).map(([name, schema]) => [name, Type.Optional(schema)]));
}

const { account, ...changeable } = valuesOf(POS_SETTINGS);
const POS = {
  uuid: Uuid,
  client_id: FilledText,
  active: described(Type.Boolean(), 'Whether it may log in.'),
  ...valuesOf(POS_SETTINGS),
  logo: nullable(FilledText, 'The name of its image under `/logos/`.'),
};
const PosSchema = Type.Object(POS, { ...EXACT, $id: 'Pos', description: 'A point of sale.' });
const POS_ANSWER = { description: 'The POS.', schema: PosSchema };
const Logo = Type.Optional(nullable(FilledText, 'A PNG, JPEG, WebP or SVG image in base64; null removes it.'));

export const listPos: EndpointSchema = {
  operationId: 'listPos',
  summary: 'List points of sale',
  answer: { description: 'Those that the token sees.', schema: Type.Object({ pos: Type.Array(PosSchema) }, EXACT) },
};

export const getPos: EndpointSchema = {
  operationId: 'getPos',
  summary: 'Read the settings of a point of sale',
  answer: POS_ANSWER,
};

export const changePos: EndpointSchema = {
  operationId: 'changePos',
  summary: 'Change the settings of a point of sale',
  description:
    'What is left out stays; null resets. Existing orders keep their terms. The account cannot be changed here, but by `webpos pos bind`.',
  body: Type.Object({ ...optional(changeable), logo: Logo }),
  answer: POS_ANSWER,
};

export const disablePos: EndpointSchema = {
  operationId: 'disablePos',
  summary: 'Disable a point of sale',
  description: 'It cannot log in, and its access tokens are revoked. Its orders are still followed and reported.',
  answer: POS_ANSWER,
};

export const enablePos: EndpointSchema = {
  operationId: 'enablePos',
  summary: 'Let a disabled point of sale log in again',
  answer: POS_ANSWER,
};

const { name = FilledText, currency = FilledText, ...others } = changeable;

export const createPos: EndpointSchema = {
  operationId: 'createPos',
  summary: 'Create a point of sale',
  description: 'The secrets are in this answer alone.',
  body: Type.Object({ name, account: account ?? Uuid, currency, ...optional(others), logo: Logo }),
  answer: {
    status: 201,
    description: 'The POS with its secrets.',
    schema: Type.Object(
      {
        ...POS,
        secret: described(FilledText, 'What it logs in with, and what its callbacks are signed with.'),
        webhook_secret: described(FilledText, 'The key for libraries of Standard Webhooks.'),
      },
      { ...EXACT, $id: 'NewPos' },
    ),
  },
};

export const listRates: EndpointSchema = {
  operationId: 'listRates',
  summary: 'List the current rates',
  answer: {
    description: 'For each POS that the token sees, the price of one bitcoin, and the rate of its orders. Null without a price.',
    schema: Type.Object(
      {
        rates: Type.Array(
          Type.Object(
            {
              pos: Uuid,
              currency: FilledText,
              rate_provider: nullable(FilledText, 'The only rate source; null for the median of all.'),
              rate_spread_bps: described(WholeNumber, 'Taken off the price, in hundredths of a percent.'),
              price: nullable(Decimal, 'Without the spread.'),
              rate: nullable(Decimal, 'With the spread.'),
              source: nullable(FilledText),
              at: nullable(IsoDate, 'When the source had this price.'),
            },
            { ...EXACT, $id: 'PosRate' },
          ),
        ),
      },
      EXACT,
    ),
  },
};

const DETAILS = valuesOf(MERCHANT_SETTINGS);
const MerchantSchema = Type.Object(
  { uuid: Uuid, ...DETAILS, created_at: IsoDate },
  { ...EXACT, $id: 'Merchant', description: 'A business to which POS belong.' },
);
const { name: MerchantName = FilledText, ...otherDetails } = DETAILS;

export const listMerchants: EndpointSchema = {
  operationId: 'listMerchants',
  summary: 'List merchants',
  answer: {
    description: 'Those of the POS that the token sees.',
    schema: Type.Object({ merchants: Type.Array(MerchantSchema) }, EXACT),
  },
};

export const getMerchant: EndpointSchema = {
  operationId: 'getMerchant',
  summary: 'Read a merchant',
  answer: { description: 'The merchant.', schema: MerchantSchema },
};

export const createMerchant: EndpointSchema = {
  operationId: 'createMerchant',
  summary: 'Create a merchant',
  body: Type.Object({ name: MerchantName, ...optional(otherDetails) }),
  answer: { status: 201, description: 'The merchant.', schema: MerchantSchema },
};

export const changeMerchant: EndpointSchema = {
  operationId: 'changeMerchant',
  summary: 'Change a merchant',
  description: 'What is left out stays; null resets.',
  body: Type.Object(optional(DETAILS)),
  answer: { description: 'The merchant.', schema: MerchantSchema },
};
