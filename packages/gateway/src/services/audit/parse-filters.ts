/** Parses the filters of the audit log, for the panel, its API and commands. Each throws a RangeError that says what was expected. */
import { AUDIT_SUBJECTS } from '../../people/audit-subjects.ts';
import type { AskedSubject } from './search-audit.ts';

const MAX_CHARACTERS = 200;

/** A kind of actor, the id of a person or token, or its name. */
export function parseAskedActor(text: string): string {
  if (text.trim() === '' || text.length > MAX_CHARACTERS || text.includes('\0'))
    throw new RangeError('expected a kind of actor, an id or a name, such as command');
  return text.trim();
}

/** An action such as `order.settle`, or the group before the dot. */
export function parseAskedAction(text: string): string {
  if (!/^[a-z_]{1,40}(?:\.[a-z_]{1,40})?$/.test(text.trim()))
    throw new RangeError('expected an action such as order.settle, or a group of them such as order');
  return text.trim();
}

/** What entries are about, as they show it: a kind, an id, or both. */
export function parseAskedSubject(text: string): AskedSubject {
  const [first = '', second, ...more] = text.trim().split(/\s+/);
  const kind = AUDIT_SUBJECTS.find((each) => each === first);
  const id = kind === undefined ? first : second;
  const isExpected =
    more.length === 0 && (kind !== undefined || second === undefined) && (id === undefined || /^[\w-]{8,64}$/.test(id));
  if (!isExpected) throw new RangeError(`expected one of ${AUDIT_SUBJECTS.join(', ')}, an id, or both, such as order`);
  return { kind, id };
}
