/** Faults that a gateway could have, and ways to plant them. */
import type { Section } from './check-conformance.ts';
import type { Answered, Asked, Tampering } from './faulty-proxy.ts';
import type { Json, Tamper } from './tamper.ts';
import type { Delivery } from './target.ts';

export interface Fault {
  readonly name: string;
  readonly section: Section;
  /** Matches the finding that reports the fault. */
  readonly finds: RegExp;
  readonly tampering?: Tampering;
  readonly deliveries?: Deliveries;
}

/** A fault in the list of a section. */
export type FaultOfSection = Omit<Fault, 'section'>;

type Deliveries = (deliveries: readonly Delivery[]) => readonly Delivery[];

/** Tampers with the bodies of answers to a method and path that have one of the statuses. */
export function body(method: string, path: RegExp, tamper: Tamper, statuses: readonly number[] = [200, 201]): Tampering {
  return answer((given, asked) => {
    if (asked.method !== method || !path.test(asked.path) || !statuses.includes(given.status)) return;
    const value = JSON.parse(given.text) as Json;
    tamper(value);
    given.text = JSON.stringify(value);
  });
}
export function answer(tamper: (answer: Answered, asked: Asked) => void): Tampering {
  return { answer: tamper };
}

/** Changes the code, the status or the body of every error with a code. */
export function errors(code: string, change: { code?: string; status?: number; tamper?: Tamper }): Tampering {
  return answer((given) => {
    if (given.status < 300 || !given.text.startsWith('{')) return;
    const value = JSON.parse(given.text) as Json;
    if (value['error_code'] !== code) return;
    if (change.code !== undefined) value['error_code'] = change.code;
    if (change.status !== undefined) given.status = change.status;
    change.tamper?.(value);
    given.text = JSON.stringify(value);
  });
}

/** Changes a header of all answers that have it, or removes it if `change` returns undefined. */
export function header(name: string, change: (value: string) => string | undefined): Tampering {
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
export function made(tamper: Tamper): Tampering {
  return body('POST', CREATE, tamper);
}
export function read(tamper: Tamper): Tampering {
  return body('GET', READ, tamper);
}
export function list(tamper: Tamper): Tampering {
  return body('GET', LIST, tamper);
}
export function token(tamper: Tamper): Tampering {
  return body('POST', /^\/token$/, tamper);
}

/** Changes each callback before it is checked. */
export function each(change: (delivery: Delivery) => Delivery): Deliveries {
  return (all) => all.map(change);
}

export function tampered(tamper: Tamper): Deliveries {
  return each((delivery) => {
    const value = JSON.parse(delivery.body) as Json;
    tamper(value);
    return { ...delivery, body: JSON.stringify(value) };
  });
}

export function signature(change: (text: string) => string | undefined): Deliveries {
  return each((delivery) => ({
    ...delivery,
    headers: { ...delivery.headers, 'chainside-signature': change(delivery.headers['chainside-signature'] ?? '') },
  }));
}
