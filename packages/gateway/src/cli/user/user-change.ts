/** The commands that change a person: disable, enable, invite and reset. */
import { changePerson, invitePerson, resetPerson, type InvitedPerson } from '../../services/people/manage-people.ts';
import type { PeopleContext } from '../../services/people/people-context.ts';
import { personJson } from '../../services/people/person-json.ts';
import type { Actor } from '../../people/actor.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { readRole, readScope, requirePos, ROLE_OPTION, SCOPE_OPTIONS } from '../support/role-options.ts';
import { withPeople } from '../support/with-people.ts';
import { findPerson, LOGIN_OPTION } from './find-person.ts';
import { showInvitation } from './show-invitation.ts';

const COMMAND: Actor = { kind: 'command' };

export const userDisable: Command = defineCommand({
  name: 'user disable',
  summary: 'Keep a person out of the panel, and end their sessions at once',
  usage: '--login LOGIN',
  options: { login: LOGIN_OPTION },
  example: '--login ada',
  run: async (world, config, options) => {
    const person = await withPeople(world, config, async (context) => {
      const { id } = await findPerson(context.store, options.required('login'));
      return changePerson(context, COMMAND, id, { enabled: false });
    });
    world.out(options.json ? JSON.stringify(personJson(person)) : `${person.login} may not log in any more.`);
  },
});

export const userEnable: Command = defineCommand({
  name: 'user enable',
  summary: 'Let a person into the panel again, or change what the person may do',
  usage: '--login LOGIN',
  options: { login: LOGIN_OPTION, role: { ...ROLE_OPTION, default: 'unchanged' }, ...SCOPE_OPTIONS },
  notes: ['This also confirms a person whose row was changed outside of the gateway: give the role that the person is to have.'],
  example: '--login ada --role manager',
  run: async (world, config, options) => {
    const change = { enabled: true, role: readRole(options), scope: readScope(options) };
    const person = await withPeople(world, config, async (context) => {
      await requirePos(context.store, change.scope);
      const { id } = await findPerson(context.store, options.required('login'));
      return changePerson(context, COMMAND, id, change);
    });
    world.out(options.json ? JSON.stringify(personJson(person)) : `${person.login} may log in as ${person.role}.`);
  },
});

export const userInvite: Command = invitingCommand(
  'user invite',
  'Print a new link with which a person sets up the login',
  'What the person logs in with so far remains valid.',
  invitePerson,
);

export const userReset: Command = invitingCommand(
  'user reset',
  'Remove what a person logs in with, and print a link to set up a new login',
  'It removes passkeys, password, TOTP and recovery codes. The sessions of the person end at once.',
  resetPerson,
);

function invitingCommand(
  name: string,
  summary: string,
  note: string,
  invite: (context: PeopleContext, actor: Actor, id: PersonId) => Promise<InvitedPerson>,
): Command {
  return defineCommand({
    name,
    summary,
    usage: '--login LOGIN',
    options: { login: LOGIN_OPTION },
    notes: [note],
    example: '--login ada',
    run: async (world, config, options) => {
      const invited = await withPeople(world, config, async (context) => {
        const { id } = await findPerson(context.store, options.required('login'));
        return invite(context, COMMAND, id);
      });
      showInvitation(world, config, invited, options.json);
    },
  });
}
