import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BoundedCache, type Eviction } from './bounded-cache.ts';

type Call =
  | { readonly kind: 'set'; readonly key: number; readonly value: number }
  | { readonly kind: 'get' | 'delete'; readonly key: number }
  | { readonly kind: 'clear' };

const key = fc.nat({ max: 7 });
const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('set'), key, value: fc.nat() }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('get', 'get', 'get', 'delete'), key }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear') }) },
  ),
  { maxLength: 60 },
);

/** A brute-force model: entries with the time of their last use, and an eviction that searches all of them. */
class Model {
  #entries: { readonly key: number; readonly value: number; readonly at: number }[] = [];
  #now = 0;
  readonly #maxEntries: number;
  readonly #evict: Eviction;

  constructor(maxEntries: number, evict: Eviction) {
    this.#maxEntries = maxEntries;
    this.#evict = evict;
  }

  run(call: Call): number | undefined {
    this.#now += 1;
    if (call.kind === 'clear') this.#entries = [];
    if (call.kind === 'clear') return undefined;
    const found = this.#entries.find((entry) => entry.key === call.key);
    if (call.kind === 'get') {
      if (found !== undefined && this.#evict === 'least_recently_used') this.#put({ ...found, at: this.#now });
      return found?.value;
    }
    this.#entries = this.#entries.filter((entry) => entry !== found);
    if (call.kind !== 'set') return undefined;
    if (this.#entries.length >= this.#maxEntries) {
      const first = Math.min(...this.#entries.map(({ at }) => at));
      this.#entries = this.#evict === 'all' ? [] : this.#entries.filter(({ at }) => at !== first);
    }
    this.#put({ key: call.key, value: call.value, at: this.#now });
    return undefined;
  }

  get size(): number {
    return this.#entries.length;
  }

  #put(entry: { readonly key: number; readonly value: number; readonly at: number }): void {
    this.#entries = [...this.#entries.filter(({ key }) => key !== entry.key), entry];
  }
}

describe('a bounded cache', () => {
  test.each<Eviction>(['all', 'oldest', 'least_recently_used'])(
    'with the policy %s holds the same entries as the model',
    (evict) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 5 }), calls, (maxEntries, all) => {
          const cache = new BoundedCache<number, number>({ maxEntries, evict });
          const model = new Model(maxEntries, evict);
          for (const call of all) {
            expect(run(cache, call)).toBe(model.run(call));
            expect(cache.size).toBe(model.size);
            expect(cache.size).toBeLessThanOrEqual(maxEntries);
          }
        }),
      );
    },
  );

  test.each([0, -1, 1.5, Number.NaN])('refuses a limit of %s', (maxEntries) => {
    expect(() => new BoundedCache({ maxEntries, evict: 'all' })).toThrow(RangeError);
  });
});

function run(cache: BoundedCache<number, number>, call: Call): number | undefined {
  switch (call.kind) {
    case 'get':
      return cache.get(call.key);
    case 'set':
      cache.set(call.key, call.value);
      return undefined;
    case 'delete':
      cache.delete(call.key);
      return undefined;
    case 'clear':
      cache.clear();
      return undefined;
  }
}
