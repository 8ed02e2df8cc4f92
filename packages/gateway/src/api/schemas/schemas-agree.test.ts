/** Compares the parsers with the published schemas: both must accept exactly the same requests. */
import * as fc from 'fast-check';
import type { TSchema } from 'typebox';
import Schema from 'typebox/schema';
import { BLOCKCHAIN_STATUSES, CALLBACK_EVENTS } from '@webpos/sdk/wire';
import { describe, expect, it } from 'vitest';
import { readUrl } from '../../kernel/read-url.ts';
import { parseCurrency } from '../../orders/currency.ts';
import { ContractError } from '../../contract/contract-error.ts';
import { parseCreation } from '../orders/parse-creation.ts';
import { parseListQuery } from '../orders/parse-list-query.ts';
import { parseUpdate } from '../sandbox/parse-update.ts';
import { PaymentOrderCreationSchema } from './creation.ts';
import { ListQuerySchema } from './list-query.ts';
import { PaymentUpdateSchema } from './sandbox.ts';

const EUR = parseCurrency('EUR');
const creation = Schema.Compile(PaymentOrderCreationSchema);
const update = Schema.Compile(PaymentUpdateSchema);

/** Returns the fields that a parser refuses. */
function refusedBy(parse: () => unknown): string[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (!(error instanceof ContractError) || (error.code !== '0001' && error.code !== '0013')) throw error;
    if (error.code === '0013') return ['callback'];
    return Object.keys(error.fields ?? {}).sort();
  }
}
/** Returns the fields that a schema refuses, checked one at a time, because a validator may stop at the first mistake. */
function refusedFields(
  schema: TSchema,
  names: readonly string[],
  value: Readonly<Record<string, unknown>>,
  good: Readonly<Record<string, unknown>> = {},
): string[] {
  return names.filter((name) => {
    const { [name]: _other, ...others } = good;
    return !Schema.Check(schema, name in value ? { ...others, [name]: value[name] } : others);
  });
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string(),
  fc.string({ unit: 'binary', minLength: 295, maxLength: 305 }),
  fc.string({ unit: fc.constantFrom('\ud800', '\udc00', '\0', 'a'), maxLength: 4 }),
);
const anyUrl = fc.oneof(
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.tuple(fc.webUrl(), anyText).map(([url, more]) => `${url}/${more}`),
  fc.constantFrom(
    'https://a',
    'HTTPS://a',
    'http:',
    'https://',
    'https:///a',
    'https:/a',
    'https://a b',
    'ftp://a',
    'https://\u00fc.example',
  ),
);
const anyAmount = fc.oneof(
  fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 22n }), fc.string({ unit: fc.constantFrom('0', '1', '9'), maxLength: 22 }))
    .map(([whole, part]) => `${whole}.${part}`),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.constantFrom('0', '0.0', '00.10', '.5', '5.', '+1', '1e3', ' 1', '1\n', '١'),
);
const anyNumber = fc.oneof(fc.integer({ min: -2, max: 1002 }), fc.double(), fc.constantFrom(-0, 1e300, 2 ** 53));
const anyValue = fc.oneof(anyText, anyUrl, anyAmount, anyNumber, fc.constant(null), fc.jsonValue());
const mostly = (good: readonly unknown[], odd: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...good) }, { weight: 3, arbitrary: odd }, { weight: 1, arbitrary: anyValue });
const names = ['amount', 'callback_url', 'continue_url', 'cancel_url', 'details', 'reference', 'required_confirmations'] as const;

/** Whether a value breaks a rule that only the description states: amounts above 0, decimals, special characters, valid URLs. */
function beyondSchema(field: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (field === 'amount') return !/[1-9]/.test(value) || (value.split('.')[1] ?? '').replace(/0+$/, '').length > 2;
  if (!field.endsWith('_url')) return /\0|\p{Surrogate}/u.test(value);
  if (/[\p{Cc}\p{Surrogate}]/u.test(value)) return true;
  const url = readUrl(value);
  return url === undefined || url.username !== '' || url.password !== '';
}

describe('the schema and the parser agree', () => {
  it('on every field of the body of a creation', () => {
    let good = 0;
    let bad = 0;
    const anyBody = fc.record(
      {
        amount: mostly(['10.00', '0.5', '7'], anyAmount),
        callback_url: mostly([null, 'https://a.example/b?c=d'], anyUrl),
        continue_url: mostly([null, 'http://127.0.0.1:8081/'], anyUrl),
        cancel_url: mostly([null, 'https://a.example'], anyUrl),
        details: mostly([null, ''], anyText),
        reference: mostly([null, 'A-1'], anyText),
        required_confirmations: mostly([null, 0, 1000], anyNumber),
        more: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyBody, (given) => {
        // As over the wire: JSON has no -0, no NaN and no undefined.
        const body = JSON.parse(JSON.stringify(given)) as Record<string, unknown>;
        const parser = refusedBy(() => parseCreation(body, EUR, { allowHttp: true }));
        const schema = refusedFields(PaymentOrderCreationSchema, names, body, { amount: '10.00' });
        const expected = names.filter((field) => schema.includes(field) || beyondSchema(field, body[field]));
        expect(parser).toEqual([...expected].sort());
        if (parser.length === 0) good += 1;
        else bad += 1;
      }),
      { numRuns: 5_000 },
    );
    expect(Math.min(good, bad)).toBeGreaterThan(100);
  });

  it.each([[null], [[]], ['text'], [1], [true]])('on the body %j, which is not an object', (body) => {
    expect(creation.Check(body)).toBe(false);
    expect(refusedBy(() => parseCreation(body, EUR, { allowHttp: true }))).toEqual(['body']);
  });

  it('on the query of the list', () => {
    const digits = fc.oneof(
      fc.nat(45).map(String),
      fc.integer({ min: 999_990, max: 1_000_010 }).map(String),
      fc.integer().map(String),
    );
    const value = (...good: readonly string[]) =>
      fc.oneof(fc.constantFrom(...good), digits, fc.constantFrom('', ' 1', '1.0', '1e1', '0x1', 'PAID'));
    const anyQuery = fc.record(
      {
        status: value(...BLOCKCHAIN_STATUSES),
        reference: anyText,
        page: digits,
        page_size: value('1', '40', '41', '0'),
        sort_by: value('created_at', 'amount'),
        sort_order: value('asc', 'desc'),
        more: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyQuery, (query) => {
        const numbers = Object.entries(query).map(
          ([name, text]) => [name, name.startsWith('page') && /^\d+$/.test(text) ? Number(text) : text] as const,
        );
        const schema = refusedFields(ListQuerySchema, Object.keys(query), Object.fromEntries(numbers));
        const expected = Object.keys(query).filter(
          (field) => schema.includes(field) || (field === 'reference' && beyondSchema(field, query[field])),
        );
        expect(refusedBy(() => parseListQuery(query))).toEqual(expected.sort());
      }),
      { numRuns: 3_000 },
    );
  });

  it('on the event for the sandbox', () => {
    const anyBody = fc.oneof(
      fc.record({ callback: fc.oneof(fc.constantFrom(...CALLBACK_EVENTS), fc.jsonValue()) }, { requiredKeys: [] }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(anyBody, (body) => {
        expect(refusedBy(() => parseUpdate(body)).length === 0).toBe(update.Check(body));
      }),
      { numRuns: 1_000 },
    );
  });
});
