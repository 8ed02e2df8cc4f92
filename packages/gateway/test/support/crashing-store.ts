/**
 * A store that fails at a chosen point: before a call inside a transaction, before its commit, or after it, when everything is stored but
 * the caller gets an error.
 */
import type { Store, StoreTransaction } from '../../src/store/ports/store.ts';

/** Stands for the death of the process or of the connection to the database. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export interface CrashPlan {
  /** The store that crashes. */
  readonly store: Store;
  /** Makes the store crash once, at the n-th point from now on, and call `onCrash`. */
  crashAt(n: number, onCrash?: () => void): void;
  /** Number of points passed since then. */
  points(): number;
}

export function crashing(store: Store): CrashPlan {
  let crashAt: number | undefined;
  let onCrash: () => void = () => {};
  let points = 0;
  function pass(point: string): void {
    points += 1;
    if (points !== crashAt) return;
    crashAt = undefined;
    onCrash();
    throw new Crash(`before ${point}`);
  }
  const transaction = async <T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T> => {
    const result = await store.transaction(async (tx) => {
      const done = await work(watched(tx, pass));
      pass('the commit');
      return done;
    });
    pass('the answer');
    return result;
  };
  return {
    store: replaced(store, (name, member) => (name === 'transaction' ? transaction : member)),
    crashAt: (n, then = () => {}) => {
      crashAt = n;
      onCrash = then;
      points = 0;
    },
    points: () => points,
  };
}

/** Passes a point before each call of a method. */
function watched(tx: StoreTransaction, pass: (point: string) => void): StoreTransaction {
  return replaced(tx, (_, entity) =>
    replaced(entity as object, (name, method) => {
      if (typeof method !== 'function') return method;
      return (...parameters: unknown[]): unknown => {
        pass(name);
        return Reflect.apply(method, entity, parameters);
      };
    }),
  );
}

/** Wraps an object to replace its members. */
export function replaced<T extends object>(whole: T, replace: (name: string, member: unknown) => unknown): T {
  return new Proxy(whole, { get: (target, name) => replace(String(name), Reflect.get(target, name, target)) });
}
