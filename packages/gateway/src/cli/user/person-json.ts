import { isoDate } from '../../kernel/clock.ts';
import type { Person } from '../../people/person.ts';

/** A person as JSON. */
export function personJson(person: Person): Readonly<Record<string, unknown>> {
  const { id, login, name, email, role, scope, createdAt, disabledAt } = person;
  return {
    id,
    login,
    name,
    email,
    role,
    pos: scope.kind === 'all' ? null : scope.pos,
    merchants: scope.kind === 'all' ? null : scope.merchants,
    created_at: isoDate(createdAt),
    disabled_at: disabledAt === null ? null : isoDate(disabledAt),
  };
}
