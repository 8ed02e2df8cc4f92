/** Spoils one value deep in JSON, by its path: `state.paid.fiat`, or `transactions.*.txid` for that of each. */

export type Json = Record<string, unknown>;
export type Spoil = (body: Json) => void;

/** @param to Makes the new value of the old one; undefined takes the field away. */
export function change<T>(path: string, to: (old: T) => unknown): Spoil {
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

export function set(path: string, value: unknown): Spoil {
  return change(path, () => value);
}

export function drop(path: string): Spoil {
  return change(path, () => undefined);
}
