/** Schemas of the contract's single values. */
import { Type, type TEnum, type TInteger, type TNull, type TSchema, type TString, type TUnion } from 'typebox';

const MAX_SATOSHI = 2_100_000_000_000_000;

export const Uuid: TString = Type.String({
  format: 'uuid',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  description: 'A version 4 UUID in lower case.',
  examples: ['3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f'],
});

export const IsoDate: TString = Type.String({
  format: 'date-time',
  pattern: String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$`,
  description: 'A date and time of ISO 8601 in UTC, with milliseconds.',
  examples: ['2026-11-23T18:00:00.000Z'],
});

export const Decimal: TString = Type.String({
  pattern: String.raw`^\d+(?:\.\d+)?$`,
  description: 'A decimal number as a string.',
  examples: ['10.00'],
});

export const Satoshi: TInteger = Type.Integer({
  minimum: 0,
  maximum: MAX_SATOSHI,
  description: 'An amount in satoshi.',
  examples: [16667],
});

export const Hash: TString = Type.String({ pattern: '^[0-9a-f]{64}$', description: '32 bytes in hex.' });

export const Address: TString = Type.String({
  pattern: '^(?:bc1|[13]|tb1|[2nm]|bcrt)[a-zA-HJ-NP-Z0-9]{25,87}$',
  description: 'The bitcoin address of this order, which no other order uses.',
  examples: ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
});

export const PaymentUri: TString = Type.String({
  pattern: String.raw`^bitcoin:[a-zA-Z0-9]+\?amount=\d+(?:\.\d{1,8})?(?:&\S*)?$`,
  description: 'The payment URI for wallets (BIP 321, which replaces BIP 21).',
  examples: ['bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4?amount=0.00016667'],
});

/** A URL in a response. A sandbox may use http. */
export const Url: TString = Type.String({
  pattern: String.raw`^https?://[^/\s]\S*$`,
  description: 'An https URL; in a sandbox also http.',
  examples: ['https://shop.example/thanks'],
});

export const WholeNumber: TInteger = Type.Integer({ minimum: 0 });

export const FilledText: TString = Type.String({ minLength: 1 });

/** Returns the schema of one of these words. */
export function words<const Words extends readonly string[]>(
  allowed: Words,
  description?: string,
): TEnum<[...{ -readonly [I in keyof Words]: Words[I] }]> {
  return Type.Enum([...allowed], { type: 'string', ...(description === undefined ? {} : { description }) }) as never;
}

export function nullable<S extends TSchema>(schema: S, description?: string): TUnion<[S, TNull]> {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
}

/** Returns the schema with another description. */
export function described<S extends TSchema>(schema: S, description: string): S {
  return { ...schema, description };
}
