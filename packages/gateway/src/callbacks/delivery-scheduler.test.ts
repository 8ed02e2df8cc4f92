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

/** Records an answer of an endpoint. */
function prove(scheduler: DeliveryScheduler, key: QueueKey, kind: EndpointAnswer['kind'] = 'acknowledged'): void {
  scheduler.allot([fresh(key)], NOON);
  scheduler.ended(key, answer(kind));
}

describe('the delivery scheduler', () => {
  it('gives sixteen slots to an endpoint that acknowledges, four to one that refuses, one to one that is unproven', () => {
    const scheduler = new DeliveryScheduler();
    const [good, refusing, down, unknown] = ['good', 'refusing', 'down', 'unknown'].map((name) =>
      keyOf('a', `https://${name}.example`),
    );
    prove(scheduler, good!);
    prove(scheduler, refusing!, 'refused');
    prove(scheduler, down!, 'unavailable');
    const given = scheduler.allot([good!, refusing!, down!, unknown!].map(fresh), NOON);
    expect([good, refusing, down, unknown].map((key) => given.get(key!))).toEqual([16, 4, 1, 1]);
  });

  it('pauses a queue that another process has paused, and goes on from its failures', () => {
    const scheduler = new DeliveryScheduler();
    const key = keyOf('a', 'https://down.example');
    prove(scheduler, key);
    const until = plusMs(NOON, 8_000);
    scheduler.adoptPause(key, { until, failures: 8 });
    expect(scheduler.allot([fresh(key)], plusMs(until, -1)).size).toBe(0);
    expect(scheduler.allot([fresh(key)], until).get(key)).toBe(1);
    scheduler.ended(key, { ...answer('unavailable'), at: until });
    expect(scheduler.pausedUntil(key)).toBe(plusMs(until, 16_000));
    scheduler.adoptPause(key, undefined);
    expect(scheduler.pausedUntil(key)).toBeUndefined();
    expect(scheduler.allot([fresh(key)], until).get(key)).toBe(1);
  });

  it('gives a process its share of the slots of a queue, and lets it prefetch only if that is all of them', () => {
    let share = 5;
    const scheduler = new DeliveryScheduler({ shareOf: () => share });
    const key = keyOf('a', 'https://good.example');
    prove(scheduler, key);
    expect(scheduler.allot([fresh(key)], NOON).get(key)).toBe(5);
    expect(scheduler.prefetchLimit(key)).toBe(0);
    share = 16;
    expect(scheduler.allot([fresh(key)], NOON).get(key)).toBe(11);
    expect(scheduler.prefetchLimit(key)).toBeGreaterThan(0);
    share = 0;
    scheduler.release(key, 16);
    expect(scheduler.allot([fresh(key)], NOON).size).toBe(0);
  });

  it('limits an endpoint to 32 slots, which the POS that answer share', () => {
    const scheduler = new DeliveryScheduler();
    const keys = Array.from({ length: 40 }, (_, n) => keyOf(`pos-${n}`, 'https://victim.example'));
    for (const key of keys) prove(scheduler, key);
    expect(sum(scheduler.allot(keys.slice(0, 1).map(fresh), NOON))).toBe(16);
    expect(sum(scheduler.allot(keys.slice(0, 2).map(fresh), NOON))).toBe(8);
    expect(sum(scheduler.allot(keys.map(fresh), NOON))).toBe(8);
    expect(scheduler.underWay).toBe(32);
    // Another endpoint is not affected.
    expect(sum(scheduler.allot([fresh(keyOf('pos 1', 'https://other.example'))], NOON))).toBe(1);
    // A slot that becomes free goes to a POS that had none.
    scheduler.allot(keys.map(fresh), NOON);
    scheduler.ended(keys[0]!, answer('acknowledged'));
    expect(scheduler.takeNext(keys[0]!)).toBe(false);
    const [next] = scheduler.allot(keys.map(fresh), NOON).keys();
    expect(next).not.toBe(keys[0]);
  });

  it('reserves slots of an endpoint for a POS that answers, however many paths of others hang', () => {
    const scheduler = new DeliveryScheduler();
    const good = keyOf('good', 'https://shared.example');
    prove(scheduler, good);
    const hanging = Array.from({ length: 100 }, (_, n) => keyOf(`pos-${n}`, 'https://shared.example'));
    expect(sum(scheduler.allot(hanging.map(fresh), NOON))).toBe(16);
    expect(scheduler.allot([...hanging, good].map(fresh), NOON).get(good)).toBe(8);
  });

  it('serves queues with fresh events first, and in every eighth turn one that has only retries', () => {
    const scheduler = new DeliveryScheduler();
    const [news, olds] = ['n', 'o'].map((name) =>
      Array.from({ length: 200 }, (_, n) => keyOf(name, `https://${name}${n}.example`)),
    );
    const given = scheduler.allot([...olds!.map(retries), ...news!.map(fresh)], NOON);
    // All are unproven, so they may use half of the slots.
    expect(sum(given)).toBe(128);
    expect(olds!.filter((key) => given.has(key))).toHaveLength(16);
  });

  it('has all slots free again when every attempt has ended, whatever the outcomes and their order', () => {
    const outcome = fc.constantFrom('acknowledged' as const, 'refused' as const, 'unavailable' as const);
    const step = fc.record({ queue: fc.nat(5), origin: fc.nat(1), ends: fc.nat(20), kind: outcome });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const scheduler = new DeliveryScheduler();
        const underWay: QueueKey[] = [];
        for (const { queue, origin, ends, kind } of steps) {
          const key = keyOf(`pos-${queue}`, `https://${origin}.example`);
          for (const [of, count] of scheduler.allot([fresh(key)], plusMs(NOON, 1e9)))
            underWay.push(...Array<QueueKey>(count).fill(of));
          for (const ended of underWay.splice(0, ends)) scheduler.ended(ended, answer(kind, `${steps.length}`));
          expect(scheduler.underWay).toBe(underWay.length);
        }
        for (const key of underWay) scheduler.ended(key, answer('unavailable'));
        // As many unproven endpoints as at the start get a slot.
        const many = Array.from({ length: 200 }, (_, n) => fresh(keyOf('new', `https://new${n}.example`)));
        expect(sum(scheduler.allot(many, NOON))).toBe(128);
        expect(scheduler.underWay).toBe(128);
      }),
    );
  });
});

describe('the pause of a queue', () => {
  const key = keyOf('a', 'https://shop.example');
  const failTimes = (scheduler: DeliveryScheduler, times: number, kind: EndpointAnswer['kind']): void => {
    for (let n = 0; n < times; n += 1) {
      scheduler.allot([fresh(key)], epochMs(NOON + 1e9 * (n + 1)));
      scheduler.ended(key, answer(kind, `order ${n}`));
    }
  };

  it('begins when its endpoint is unavailable five times in a row, and grows up to a minute', () => {
    const scheduler = new DeliveryScheduler();
    failTimes(scheduler, 4, 'unavailable');
    expect(scheduler.mayBeginAt(key, NOON)).toBe(NOON);
    failTimes(scheduler, 1, 'unavailable');
    expect(scheduler.mayBeginAt(key, NOON)).toBe(NOON + 1_000);
    failTimes(scheduler, 30, 'unavailable');
    expect(scheduler.mayBeginAt(key, NOON)).toBe(NOON + 60_000);
  });

  it('never begins while its endpoint answers, and does not affect another POS', () => {
    const scheduler = new DeliveryScheduler();
    failTimes(scheduler, 100, 'refused');
    expect(scheduler.mayBeginAt(key, NOON)).toBe(NOON);
    failTimes(scheduler, 9, 'unavailable');
    expect(scheduler.mayBeginAt(key, NOON)).toBeGreaterThan(NOON);
    expect(scheduler.mayBeginAt(keyOf('b', 'https://shop.example'), NOON)).toBe(NOON);
  });

  it('ends with any answer of its endpoint', () => {
    const scheduler = new DeliveryScheduler();
    failTimes(scheduler, 9, 'unavailable');
    scheduler.allot([fresh(key)], plusMs(NOON, 1e9));
    expect(scheduler.ended(key, answer('refused'))).toBe('works again');
    expect(scheduler.mayBeginAt(key, NOON)).toBe(NOON);
  });
});
