/** Checks of the fields of answers according to the contract, which also refuse unknown fields. */
import { expect } from 'vitest';
import type { Answer } from './test-gateway.ts';

export type Check = (value: unknown) => boolean;
/** Checks by the name of the field. A field whose name ends with `?` is optional. */
export interface Shape {
  readonly [field: string]: Check | Shape;
}

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

const isDate: Check = (value) =>
  matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)(value) && !Number.isNaN(Date.parse(String(value)));

/** The types of fields. `address` matches what the older Python and Java clients accept. */
export const is: Readonly<Record<Plain, Check>> = {
  uuid: matches(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
  date: isDate,
  decimal: matches(/^\d+(?:\.\d+)?$/),
  integer: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  text: (value) => typeof value === 'string',
  filled: matches(/./s),
  boolean: (value) => typeof value === 'boolean',
  hash: matches(/^[0-9a-f]{64}$/),
  address: matches(/^(bc1|[13]|tb1|[2nm]|bcrt)[a-zA-HJ-NP-Z0-9]{25,40}$/),
  uri: matches(/^bitcoin:[a-zA-Z0-9]+\?/),
  url: matches(/^https?:\/\/[^/\s]+\/\S*$/),
};
type Plain = 'uuid' | 'date' | 'decimal' | 'integer' | 'text' | 'filled' | 'boolean' | 'hash' | 'address' | 'uri' | 'url';

export function oneOf(...values: readonly unknown[]): Check {
  return (value) => values.includes(value);
}

export function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

export function arrayOf(shape: Shape): Check {
  return (value) => Array.isArray(value) && value.every((item) => problems(item, shape).length === 0);
}

/** Returns the differences between a value and a shape, a line for each. */
export function problems(value: unknown, shape: Shape, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path || 'the whole'}: not an object`];
  const fields = new Map(Object.entries(shape).map(([name, check]) => [name.replace(/\?$/, ''), { name, check }]));
  const found: string[] = [];
  for (const name of Object.keys(value)) if (!fields.has(name)) found.push(`${path}${name}: not in the contract`);
  for (const [name, { name: marked, check }] of fields) {
    const part = (value as Record<string, unknown>)[name];
    if (part === undefined) {
      if (!marked.endsWith('?')) found.push(`${path}${name}: missing`);
    } else if (typeof check !== 'function') found.push(...problems(part, check, `${path}${name}.`));
    else if (!check(part)) found.push(`${path}${name}: ${JSON.stringify(part)}`);
  }
  return found;
}

const ERROR: Shape = { error_code: (code: unknown) => /^\d{4}$/.test(String(code)), message: is.filled, request_id: is.uuid };

/** Checks an error answer: status, body, and the request id in the header. Returns its errors by field. */
export function assertError(answer: Answer, status: number, code: string): Readonly<Record<string, string[]>> {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body: { error_code: code } });
  const shape = code === '0001' ? { ...ERROR, 'errors?': isFieldErrors } : ERROR;
  expect(problems(answer.body, shape)).toEqual([]);
  const body = answer.body as { request_id: string; errors?: Record<string, string[]> };
  expect(answer.headers.get('x-request-id')).toBe(body.request_id);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  return body.errors ?? {};
}

const isFieldErrors: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((texts) => Array.isArray(texts) && texts.length > 0 && texts.every(is.filled));
