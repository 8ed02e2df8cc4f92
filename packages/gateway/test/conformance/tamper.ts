/** Changes one value in JSON by its path, such as `state.paid.fiat`, or `transactions.*.txid` for each transaction. */

export type Json = Record<string, unknown>;
export type Tamper = (body: Json) => void;

/** @param to Returns the new value for the old one, or undefined to remove the field. */
export function change<T>(path: string, to: (old: T) => unknown): Tamper {
  const [first = '', ...rest] = path.split('.');
  return (body) => {
    if (first === '*') {
      for (const item of Object.values(body)) change(rest.join('.'), to)(item as Json);
    } else if (rest.length > 0) {
      if (typeof body[first] === 'object' && body[first] !== null) change(rest.join('.'), to)(body[first] as Json);
    } else {
      const value = to(body[first] as T);
      if (value === undefined) delete body[first];
      else body[first] = value;
    }
  };
}

export function set(path: string, value: unknown): Tamper {
  return change(path, () => value);
}

export function drop(path: string): Tamper {
  return change(path, () => undefined);
}
