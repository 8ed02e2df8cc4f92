import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs, plusMs } from '../kernel/clock.ts';
import type { PosId } from '../kernel/ids.ts';
import { DeliveryScheduler, type DueQueue, type EndpointAnswer } from './delivery-scheduler.ts';
import { queueKey, type QueueKey } from './queue-key.ts';

const NOON = epochMs(1_795_000_000_000);
const keyOf = (pos: string, endpoint: string): QueueKey => queueKey({ posId: pos as PosId, endpoint });
const fresh = (key: QueueKey): DueQueue => ({ key, freshAt: NOON, retryAt: undefined });
const retries = (key: QueueKey): DueQueue => ({ key, freshAt: undefined, retryAt: NOON });
const answer = (kind: EndpointAnswer['kind'], orderId = 'order'): EndpointAnswer => ({
  kind,
  orderId,
  at: NOON,
  durationMs: 1,
  retryAfterMs: undefined,
});
const sum = (given: ReadonlyMap<QueueKey, number>): number => [...given.values()].reduce((all, one) => all + one, 0);

/** Makes an endpoint one that has just answered. */
function prove(shares: DeliveryScheduler, key: QueueKey, kind: EndpointAnswer['kind'] = 'acknowledged'): void {
  shares.allot([fresh(key)], NOON);
  shares.ended(key, answer(kind));
}

describe('slots', () => {
  it('are sixteen for an endpoint that acknowledges, four for one that refuses, one for one that is unknown or down', () => {
    const shares = new DeliveryScheduler();
    const [good, refusing, down, unknown] = ['good', 'refusing', 'down', 'unknown'].map((name) =>
      keyOf('a', `https://${name}.example`),
    );
    prove(shares, good!);
    prove(shares, refusing!, 'refused');
    prove(shares, down!, 'unavailable');
    const given = shares.allot([good!, refusing!, down!, unknown!].map(fresh), NOON);
    expect([good, refusing, down, unknown].map((key) => given.get(key!))).toEqual([16, 4, 1, 1]);
  });

  it('of one origin are 32 for all POS together, and each POS that answers gets some of them', () => {
    const shares = new DeliveryScheduler();
    const keys = Array.from({ length: 40 }, (_, n) => keyOf(`pos-${n}`, 'https://victim.example'));
    for (const key of keys) prove(shares, key);
    expect(sum(shares.allot(keys.slice(0, 1).map(fresh), NOON))).toBe(16);
    expect(sum(shares.allot(keys.slice(0, 2).map(fresh), NOON))).toBe(8);
    expect(sum(shares.allot(keys.map(fresh), NOON))).toBe(8);
    expect(shares.underWay).toBe(32);
    // Another origin is not concerned.
    expect(sum(shares.allot([fresh(keyOf('pos 1', 'https://other.example'))], NOON))).toBe(1);
    // A slot that becomes free goes to a POS that has had none.
    shares.allot(keys.map(fresh), NOON);
    shares.ended(keys[0]!, answer('acknowledged'));
    expect(shares.takeNext(keys[0]!)).toBe(false);
    const [next] = shares.allot(keys.map(fresh), NOON).keys();
    expect(next).not.toBe(keys[0]);
  });

  it('of one origin are left to a POS that answers, though the paths of any number of others hang', () => {
    const shares = new DeliveryScheduler();
    const good = keyOf('good', 'https://shared.example');
    prove(shares, good);
    const hanging = Array.from({ length: 100 }, (_, n) => keyOf(`pos-${n}`, 'https://shared.example'));
    expect(sum(shares.allot(hanging.map(fresh), NOON))).toBe(16);
    expect(shares.allot([...hanging, good].map(fresh), NOON).get(good)).toBe(8);
  });

  it('go to queues with fresh events first, and in every eighth turn to one that has only retries', () => {
    const shares = new DeliveryScheduler();
    const [news, olds] = ['n', 'o'].map((name) =>
      Array.from({ length: 200 }, (_, n) => keyOf(name, `https://${name}${n}.example`)),
    );
    const given = shares.allot([...olds!.map(retries), ...news!.map(fresh)], NOON);
    // None of them is known to answer, so that half of all slots may be used.
    expect(sum(given)).toBe(128);
    expect(olds!.filter((key) => given.has(key))).toHaveLength(16);
  });

  it('are all free again when every attempt has ended, whatever the outcomes and their order', () => {
    const outcome = fc.constantFrom('acknowledged' as const, 'refused' as const, 'unavailable' as const);
    const step = fc.record({ queue: fc.nat(5), origin: fc.nat(1), ends: fc.nat(20), kind: outcome });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const shares = new DeliveryScheduler();
        const underWay: QueueKey[] = [];
        for (const { queue, origin, ends, kind } of steps) {
          const key = keyOf(`pos-${queue}`, `https://${origin}.example`);
          for (const [of, count] of shares.allot([fresh(key)], plusMs(NOON, 1e9)))
            underWay.push(...Array<QueueKey>(count).fill(of));
          for (const ended of underWay.splice(0, ends)) shares.ended(ended, answer(kind, `${steps.length}`));
          expect(shares.underWay).toBe(underWay.length);
        }
        for (const key of underWay) shares.ended(key, answer('unavailable'));
        // As many unknown endpoints as ever get one.
        const many = Array.from({ length: 200 }, (_, n) => fresh(keyOf('new', `https://new${n}.example`)));
        expect(sum(shares.allot(many, NOON))).toBe(128);
        expect(shares.underWay).toBe(128);
      }),
    );
  });
});

describe('a pause', () => {
  const key = keyOf('a', 'https://shop.example');
  const failTimes = (shares: DeliveryScheduler, times: number, kind: EndpointAnswer['kind']): void => {
    for (let n = 0; n < times; n += 1) {
      shares.allot([fresh(key)], epochMs(NOON + 1e9 * (n + 1)));
      shares.ended(key, answer(kind, `order ${n}`));
    }
  };

  it('comes when an endpoint was unavailable five times in a row, and grows up to a minute', () => {
    const shares = new DeliveryScheduler();
    failTimes(shares, 4, 'unavailable');
    expect(shares.mayBeginAt(key, NOON)).toBe(NOON);
    failTimes(shares, 1, 'unavailable');
    expect(shares.mayBeginAt(key, NOON)).toBe(NOON + 1_000);
    failTimes(shares, 30, 'unavailable');
    expect(shares.mayBeginAt(key, NOON)).toBe(NOON + 60_000);
  });

  it('never comes while an endpoint answers, and is not that of another POS', () => {
    const shares = new DeliveryScheduler();
    failTimes(shares, 100, 'refused');
    expect(shares.mayBeginAt(key, NOON)).toBe(NOON);
    failTimes(shares, 9, 'unavailable');
    expect(shares.mayBeginAt(key, NOON)).toBeGreaterThan(NOON);
    expect(shares.mayBeginAt(keyOf('b', 'https://shop.example'), NOON)).toBe(NOON);
  });

  it('ends with any answer', () => {
    const shares = new DeliveryScheduler();
    failTimes(shares, 9, 'unavailable');
    shares.allot([fresh(key)], plusMs(NOON, 1e9));
    expect(shares.ended(key, answer('refused'))).toBe('works again');
    expect(shares.mayBeginAt(key, NOON)).toBe(NOON);
  });
});
