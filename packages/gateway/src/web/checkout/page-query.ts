/** The query of a page's URL: the language, and what the buyer has chosen on the page. */
import type { FastifyRequest } from 'fastify';
import { LANGUAGES, pickReader, type CheckoutNote, type PageChoices, type Reader } from '@webpos/web';

/** Query parameters that the page carries from one link to the next. */
const CARRIED = ['lang', 'unit', 'again', 'stay'] as const;

const NOTES: readonly CheckoutNote[] = [
  'refund_invalid',
  'refund_network',
  'refund_same',
  'refund_too_often',
  'try_again_failed',
];

type Query = Readonly<Record<string, unknown>>;

function queryOf(request: FastifyRequest): Query {
  return (request.query ?? {}) as Query;
}

export function readerOf(request: FastifyRequest): Reader {
  return pickReader(queryOf(request)['lang'], request.headers['accept-language']);
}

export function choicesOf(request: FastifyRequest): PageChoices {
  const { unit, again, stay } = queryOf(request);
  return { unit: unit === 'sat' ? 'sat' : 'btc', paysAgain: again === '1', stays: stay === '1' };
}

/** Whether the buyer has just cancelled on the page. */
export function asksToLeave(request: FastifyRequest): boolean {
  return queryOf(request)['cancelled'] !== undefined;
}

/** Why the form that led here did nothing. */
export function noteOf(request: FastifyRequest): CheckoutNote | null {
  const { note } = queryOf(request);
  return NOTES.find((known) => known === note) ?? null;
}

/**
 * Returns the query of a redirect back to a page: the parameters that the page carries on, and more.
 *
 * @example carriedQuery(request, 'cancelled=1') // '?lang=it&cancelled=1'
 */
export function carriedQuery(request: FastifyRequest, ...more: readonly string[]): string {
  const query = queryOf(request);
  const carried = CARRIED.flatMap((name) => (isKnown(name, query[name]) ? [`${name}=${String(query[name])}`] : []));
  const parts = [...carried, ...more];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function isKnown(name: (typeof CARRIED)[number], value: unknown): boolean {
  switch (name) {
    case 'lang':
      return LANGUAGES.some(({ tag }) => tag === value);
    case 'unit':
      return value === 'sat';
    case 'again':
    case 'stay':
      return value === '1';
  }
}
