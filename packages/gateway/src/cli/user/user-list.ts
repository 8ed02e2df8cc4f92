import { listedPersonJson } from '../../services/people/person-json.ts';
import type { StoredPerson } from '../../store/ports/people/person-store.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { DEFAULT_LIMIT, LIMIT_RANGE, limitOption } from '../support/common-options.ts';
import { table } from '../support/table.ts';
import { withPeople } from '../support/with-people.ts';

/** `webpos user list`: lists the people who may use the panel. */
export const userList: Command = defineCommand({
  name: 'user list',
  summary: 'List the people who may use the panel, by login',
  usage: '',
  options: {
    limit: limitOption('people'),
    after: { value: 'LOGIN', text: 'continue the list after this login', allowed: 'a login', default: 'from the first' },
  },
  example: '--limit 100',
  run: async (world, config, options) => {
    const limit = options.integer('limit', DEFAULT_LIMIT, LIMIT_RANGE);
    await withPeople(world, config, async ({ store, keys }) => {
      const people = await store.people.list(options.optional('after') ?? '', limit);
      const listed = people.map((person) => listedPersonJson({ keys }, person));
      if (options.json) return world.out(JSON.stringify(listed));
      const rows = people.map((person, at) => [
        person.login,
        person.name,
        person.role,
        posOf(person),
        stateOf(person, listed[at]?.changed_outside === true),
      ]);
      world.out(rows.length === 0 ? 'Nobody yet: webpos user create --login LOGIN --role owner' : table(HEADS, rows));
    });
  },
});

const HEADS = ['login', 'name', 'role', 'pos', 'state'];

function posOf({ scope }: StoredPerson): string {
  return scope.kind === 'all' ? 'all' : [...scope.pos, ...scope.merchants.map((id) => `merchant ${id}`)].join(' ');
}

function stateOf({ disabledAt }: StoredPerson, isChanged: boolean): string {
  if (isChanged) return 'refused: changed outside of the gateway';
  return disabledAt === null ? 'enabled' : 'disabled';
}
