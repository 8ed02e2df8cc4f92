/** A fault that a gateway could have, and ways to plant one. */
import type { Section } from './check-conformance.ts';
import type { Answered, Asked, Spoiling } from './faulty-proxy.ts';
import type { Json, Spoil } from './spoil.ts';
import type { Delivery } from './target.ts';

export interface Fault {
  readonly name: string;
  readonly section: Section;
  readonly finds: RegExp;
  readonly spoiling?: Spoiling;
  readonly deliveries?: Deliveries;
}

/** The section of a fault is that of its list. */
export type FaultOfSection = Omit<Fault, 'section'>;

type Deliveries = (deliveries: readonly Delivery[]) => readonly Delivery[];

/** Spoils bodies of good answers to a method at a path. */
export function body(method: string, path: RegExp, spoil: Spoil, statuses: readonly number[] = [200, 201]): Spoiling {
  return answer((given, asked) => {
    if (asked.method !== method || !path.test(asked.path) || !statuses.includes(given.status)) return;
    const value = JSON.parse(given.text) as Json;
    spoil(value);
    given.text = JSON.stringify(value);
  });
}
export function answer(spoil: (answer: Answered, asked: Asked) => void): Spoiling {
  return { answer: spoil };
}

/** Changes every error of a code into one of another code, or of another status. */
export function errors(code: string, change: { code?: string; status?: number; spoil?: Spoil }): Spoiling {
  return answer((given) => {
    if (given.status < 300 || !given.text.startsWith('{')) return;
    const value = JSON.parse(given.text) as Json;
    if (value['error_code'] !== code) return;
    if (change.code !== undefined) value['error_code'] = change.code;
    if (change.status !== undefined) given.status = change.status;
    change.spoil?.(value);
    given.text = JSON.stringify(value);
  });
}

/** Changes a header where it is; undefined takes it away. */
export function header(name: string, change: (value: string) => string | undefined): Spoiling {
  return answer(({ headers }) => {
    if (headers[name] === undefined) return;
    const value = change(headers[name]);
    if (value === undefined) delete headers[name];
    else headers[name] = value;
  });
}

const CREATE = /^\/payment-order$/;
export const READ: RegExp = /^\/payment-order\/[^/?]+$/;
const LIST = /^\/payment-order(\?|$)/;
export function made(spoil: Spoil): Spoiling {
  return body('POST', CREATE, spoil);
}
export function read(spoil: Spoil): Spoiling {
  return body('GET', READ, spoil);
}
export function list(spoil: Spoil): Spoiling {
  return body('GET', LIST, spoil);
}
export function token(spoil: Spoil): Spoiling {
  return body('POST', /^\/token$/, spoil);
}

/** Of callbacks, each as its receiver gets it. */
export function each(change: (delivery: Delivery) => Delivery): Deliveries {
  return (all) => all.map(change);
}

export function spoilt(spoil: Spoil): Deliveries {
  return each((delivery) => {
    const value = JSON.parse(delivery.body) as Json;
    spoil(value);
    return { ...delivery, body: JSON.stringify(value) };
  });
}

export function signature(change: (text: string) => string | undefined): Deliveries {
  return each((delivery) => ({
    ...delivery,
    headers: { ...delivery.headers, 'chainside-signature': change(delivery.headers['chainside-signature'] ?? '') },
  }));
}
