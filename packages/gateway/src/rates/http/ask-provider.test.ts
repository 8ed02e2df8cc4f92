import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../kernel/clock.ts';
import { formatDecimal } from '../../kernel/decimal.ts';
import { askProvider, type ProviderAnswer } from './ask-provider.ts';
import { PROVIDER_NAMES, type ProviderName } from '../provider-names.ts';
import { PROVIDERS } from './providers/index.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];

interface Fixture {
  readonly body: string;
  readonly prices: Readonly<Record<string, string>>;
}

/** The path of the prices in each provider's answer, and the owner of an entry. */
const ENTRIES: Readonly<
  Record<ProviderName, { readonly at: Path; ownerOf(key: string | number, entry: Json): string | undefined }>
> = {
  bitfinex: { at: [], ownerOf: (_, entry) => (Array.isArray(entry) ? textOf(entry[0]).slice(4) : undefined) },
  bitstamp: { at: [], ownerOf: (_, entry) => textOf((entry as { pair?: Json }).pair).slice(4) },
  coinbase: { at: ['data', 'rates'], ownerOf: (key) => String(key) },
  coingecko: { at: ['bitcoin'], ownerOf: (key) => (key === 'last_updated_at' ? undefined : String(key).toUpperCase()) },
  kraken: { at: ['result'], ownerOf: (key) => String(key).slice(-3) },
  'mempool.space': { at: [], ownerOf: (key) => (key === 'time' ? undefined : String(key)) },
};

/** Stands for a value nested too deep to recurse into. */
const DEEP = '@deep';
const DEEP_JSON = '['.repeat(20_000) + ']'.repeat(20_000);
const oddValues = fc.oneof(
  fc.constantFrom<Json>(null, 0, '0', -1, '-1', '', 'abc', true, [], {}, 1e300, 1e-30, '1e5', ' 5', DEEP, { toString: 1 }),
  fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json),
  // As in other markets.
  fc.constantFrom<Json>({ a: ['0.6'], b: ['0.5'] }, ['tBTCXYZ', 0, 0, 0], {
    pair: 'BTC/PAX',
    bid: '0',
    ask: '0',
    timestamp: 'x',
  }),
);
const oddKeys = fc.constantFrom('lkr', 'mmk', 'LKR', 'eur2', 'ADAEUR', 'XETHZEUR', 'XXBTZLKR', '__proto__', 'toString', '');

describe.each(PROVIDER_NAMES)('asking %s', (name) => {
  const { body, prices } = JSON.parse(
    readFileSync(new URL(`../../../test/rates/${name}.json`, import.meta.url), 'utf8'),
  ) as Fixture;
  const wanted = Object.keys(prices);
  const { at, ownerOf } = ENTRIES[name];
  const whole = JSON.parse(body) as Json;
  const entries = childrenOf(lookUp(whole, at));

  /** The result of an answer; empty when the whole answer is rejected. */
  const ask = async (answer: Json): Promise<ProviderAnswer> => {
    try {
      return await askProvider(PROVIDERS[name], wanted, {
        getText: async () => JSON.stringify(answer).replaceAll(JSON.stringify(DEEP), DEEP_JSON),
        now: epochMs(1_795_455_600_000),
        signal: AbortSignal.timeout(1_000),
      });
    } catch (error) {
      expect((error as Error).name).toMatch(/^(UnexpectedAnswerError|UnknownMarketError)$/);
      return { quotes: new Map(), odd: new Map() };
    }
  };
  const pricesOf = ({ quotes }: ProviderAnswer): Record<string, string> =>
    Object.fromEntries([...quotes].map(([currency, { price }]) => [currency, formatDecimal(price)]));
  const without = (currency: string | undefined): Record<string, string> =>
    Object.fromEntries(Object.entries(prices).filter(([each]) => each !== currency));

  it('leaves every other price unchanged when part of one is deleted or replaced', async () => {
    const places = entries
      .map(([key, entry]) => [ownerOf(key, entry), [...at, key]] as const)
      .filter(([owner]) => owner !== undefined)
      .flatMap(([owner, path]) => pathsWithin(whole, path).map((place) => ({ owner, place })));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.option(oddValues, { nil: undefined }), async ({ owner, place }, value) => {
        const changed = structuredClone(whole);
        // A ticker changed into another market's would be one price too many for that market.
        fc.pre(!(typeof value === 'string' && /BTC/.test(value)));
        replace(changed, place, value);
        expect(pricesOf(await ask(changed))).toMatchObject(without(owner));
      }),
      { numRuns: 300 },
    );
  });

  it('ignores everything that was not requested', async () => {
    await fc.assert(
      fc.asyncProperty(oddKeys, fc.nat(entries.length), oddValues, async (key, index, value) => {
        const changed = structuredClone(whole);
        const list = lookUp(changed, at);
        if (Array.isArray(list)) list.splice(index, 0, value);
        else Object.defineProperty(list, key, { value, enumerable: true, configurable: true, writable: true });
        expect(pricesOf(await ask(changed))).toEqual(prices);
      }),
      { numRuns: 300 },
    );
  });

  it('never invents a price, whatever is changed', async () => {
    const places = pathsWithin(whole, []);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.option(oddValues, { nil: undefined }), async (place, value) => {
        const changed = structuredClone(whole);
        if (place.length === 0) return void (await ask(value ?? null));
        replace(changed, place, value);
        const read = pricesOf(await ask(changed));
        const owner =
          place.length > at.length ? ownerOf(place[at.length]!, lookUp(whole, place.slice(0, at.length + 1))) : undefined;
        for (const [currency, price] of Object.entries(read))
          if (currency !== owner) expect([currency, price]).toEqual([currency, prices[currency]]);
      }),
      { numRuns: 300 },
    );
  });
});

it('a provider reports an unusable price, and fails only when none is left', async () => {
  const ask = (text: string, currencies: readonly string[]): Promise<ProviderAnswer> =>
    askProvider(PROVIDERS.coingecko, currencies, {
      getText: async () => text,
      now: epochMs(1_795_455_600_000),
      signal: AbortSignal.timeout(1_000),
    });
  const text = '{"bitcoin":{"eur":57190,"lkr":null,"last_updated_at":1795455590}}';
  const { quotes, odd } = await ask(text, ['EUR', 'LKR']);
  expect([[...quotes.keys()], [...odd]]).toEqual([['EUR'], [['LKR', 'lkr: expected a price above 0, got null']]]);
  expect((await ask(text, ['EUR'])).odd.size).toBe(0);
  await expect(ask(text, ['LKR'])).rejects.toThrow('lkr: expected a price above 0, got null');
});

it('a provider that refuses the whole list is queried for one market at a time', async () => {
  const asked: string[] = [];
  const { quotes, odd } = await askProvider(PROVIDERS.kraken, ['CHF', 'EUR'], {
    getText: async (url) => {
      asked.push(new URL(url).searchParams.get('pair')!);
      return url.includes('CHF')
        ? '{"error":["EQuery:Unknown asset pair"]}'
        : '{"error":[],"result":{"XXBTZEUR":{"a":["57208.1"],"b":["57208.0"]}}}';
    },
    now: epochMs(1_795_455_600_000),
    signal: AbortSignal.timeout(1_000),
  });
  expect([...quotes.keys()]).toEqual(['EUR']);
  expect(odd.get('CHF')).toContain('Unknown asset pair');
  expect(asked).toEqual(['XBTCHF,XBTEUR', 'XBTCHF', 'XBTEUR']);
});

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function childrenOf(value: Json): (readonly [string | number, Json])[] {
  if (Array.isArray(value)) return value.map((each, index) => [index, each]);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function lookUp(value: Json, path: Path): Json {
  return path.reduce((inner: Json, key) => (inner as Record<string | number, Json>)[key]!, value);
}

function pathsWithin(value: Json, path: Path): Path[] {
  return [path, ...childrenOf(lookUp(value, path)).flatMap(([key]) => pathsWithin(value, [...path, key]))];
}

/** Deletes when the value is undefined. */
function replace(root: Json, path: Path, value: Json | undefined): void {
  const parent = lookUp(root, path.slice(0, -1)) as Record<string | number, Json>;
  const key = path.at(-1)!;
  if (value !== undefined) parent[key] = value;
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}
