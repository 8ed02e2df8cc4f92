import { parseName } from '../../merchants/name.ts';
import { parseEmail, parseLogin } from '../../people/login-name.ts';
import { WHOLE_SCOPE } from '../../people/scope.ts';
import { createPerson } from '../../services/people/manage-people.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { namingOption } from '../support/naming-option.ts';
import { readRole, readScope, requirePos, ROLE_OPTION, SCOPE_OPTIONS } from '../support/role-options.ts';
import { UsageError } from '../support/usage-error.ts';
import { withPeople } from '../support/with-people.ts';
import { LOGIN_OPTION } from './find-person.ts';
import { showInvitation } from './show-invitation.ts';

/** `webpos user create`: creates a person, and prints the link to set up the login. */
export const userCreate: Command = defineCommand({
  name: 'user create',
  summary: 'Create a person who may use the panel, and print the link to set up the login',
  usage: '--login LOGIN --role ROLE',
  options: {
    login: LOGIN_OPTION,
    role: ROLE_OPTION,
    name: { value: 'NAME', text: 'name that others see', allowed: '1 to 64 characters', default: 'the login' },
    email: { value: 'ADDRESS', text: 'address for notifications', allowed: 'an e-mail address', default: 'none' },
    ...SCOPE_OPTIONS,
  },
  notes: ['The first person has to be an owner. The link works once, within three days; webpos user invite prints another.'],
  example: '--login ada --role owner',
  run: async (world, config, options) => {
    const login = namingOption('login', () => parseLogin(options.required('login')));
    const role = readRole(options);
    if (role === undefined) throw new UsageError('--role: expected a role, got nothing');
    const wanted = {
      login,
      name: namingOption('name', () => parseName(options.optional('name') ?? login)),
      email: namingOption('email', () => parseEmail(options.optional('email') ?? '')),
      role,
      scope: readScope(options) ?? WHOLE_SCOPE,
    };
    const invited = await withPeople(
      world,
      config,
      async (context) => {
        await requirePos(context.store, wanted.scope);
        if (role !== 'owner' && (await context.store.people.list('', 1)).length === 0)
          throw new UsageError('--role: expected owner for the first person, who then invites the others');
        return createPerson(context, { kind: 'command' }, wanted);
      },
      { create: true },
    );
    showInvitation(world, config, invited, options.json);
  },
});
