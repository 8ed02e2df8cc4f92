import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionLimiter, type HeldConnection } from './connection-limits.ts';

interface Opened {
  readonly name: string;
  readonly held: HeldConnection | undefined;
  isClosed: boolean;
}

function opener(limiter: ConnectionLimiter): (name: string, address: string, network?: string) => Opened {
  return (name, address, network = address) => {
    let closed = false;
    const held = limiter.opened({ destroy: () => (closed = true) }, { address, network });
    return {
      name,
      held,
      get isClosed() {
        return closed;
      },
    };
  };
}

describe('when a share is full', () => {
  it('its connection that has been idle longest is closed, and no other', () => {
    const output: string[] = [];
    const limiter = new ConnectionLimiter({
      total: 10,
      perAddress: 3,
      perNetwork: 5,
      limited: (limit, which) => output.push(`${limit} ${which}`),
    });
    const open = opener(limiter);
    const neighbour = open('neighbour', 'b', 'n');
    const [first, second, third] = [open('1', 'a', 'n'), open('2', 'a', 'n'), open('3', 'a', 'n')];
    first.held?.requestBegun();
    first.held?.requestEnded();
    open('4', 'a', 'n');
    expect([neighbour, first, second, third].map(({ isClosed }) => isClosed)).toEqual([false, false, true, false]);
    open('5', 'c', 'n');
    open('6', 'd', 'n');
    expect([neighbour, first, third].map(({ isClosed }) => isClosed)).toEqual([true, false, false]);
    expect(output).toEqual(['address idle', 'network idle']);
  });

  it('of active connections, the new one is refused', () => {
    const output: string[] = [];
    const limiter = new ConnectionLimiter({
      total: 2,
      perAddress: 2,
      perNetwork: 2,
      limited: (limit, which) => output.push(`${limit} ${which}`),
    });
    const open = opener(limiter);
    for (const name of ['1', '2']) open(name, name).held?.requestBegun();
    expect(open('3', '3')).toMatchObject({ held: undefined, isClosed: true });
    expect([limiter.open, ...output]).toEqual([2, 'total refused']);
  });

  it('a connection of a proxy counts only towards the total', () => {
    const limiter = new ConnectionLimiter({ total: 3, perAddress: 1, perNetwork: 1 });
    for (let n = 0; n < 3; n += 1) {
      limiter.opened({ destroy: () => expect.fail('closed') }, { address: undefined, network: undefined })?.requestBegun();
    }
    expect(limiter.open).toBe(3);
  });
});

it('no share is exceeded and no active connection is closed, whatever is opened, used and closed', () => {
  const step = fc.record({ address: fc.nat(5), act: fc.constantFrom('open', 'open', 'begin', 'end', 'close'), pick: fc.nat() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const limits = { total: 6, perAddress: 2, perNetwork: 4 };
      const limiter = new ConnectionLimiter(limits);
      const all: { address: number; held: HeldConnection; requests: number; isClosed: boolean }[] = [];
      for (const { address, act, pick } of steps) {
        const open = all.filter(({ isClosed }) => !isClosed);
        const one = open[pick % Math.max(1, open.length)];
        if (act === 'open') {
          const made = { address, requests: 0, isClosed: false };
          const destroy = (): void => {
            expect(made.requests).toBe(0);
            made.isClosed = true;
          };
          const held = limiter.opened({ destroy }, { address: String(address), network: String(address % 2) });
          expect(held === undefined).toBe(made.isClosed);
          if (held !== undefined) all.push(Object.assign(made, { held }));
        } else if (one !== undefined && act === 'begin') {
          one.held.requestBegun();
          one.requests += 1;
        } else if (one !== undefined && act === 'end' && one.requests > 0) {
          one.requests -= 1;
          one.held.requestEnded();
        } else if (one !== undefined && act === 'close') {
          one.isClosed = true;
          one.held.closed();
        }
        const now = all.filter(({ isClosed }) => !isClosed);
        expect(limiter.open).toBe(now.length);
        expect(now.length).toBeLessThanOrEqual(limits.total);
        for (let each = 0; each < 6; each += 1) {
          expect(now.filter((connection) => connection.address === each).length).toBeLessThanOrEqual(limits.perAddress);
          expect(now.filter((connection) => connection.address % 2 === each).length).toBeLessThanOrEqual(limits.perNetwork);
        }
      }
    }),
  );
});
