import { isoDate } from '../../kernel/clock.ts';
import type { Config } from '../../config/config.ts';
import { invitationUrl } from '../../services/people/invitations.ts';
import type { InvitedPerson } from '../../services/people/manage-people.ts';
import type { CliWorld } from '../command.ts';
import { publicUrlOf } from '../support/public-url.ts';
import { personJson } from './person-json.ts';

/** Prints the link with which a person sets up the login. */
export function showInvitation(
  world: Pick<CliWorld, 'out'>,
  config: Config,
  { person, invitation }: InvitedPerson,
  asJson: boolean,
): void {
  const link = invitationUrl(publicUrlOf(config), invitation);
  const expiresAt = isoDate(invitation.expiresAt);
  if (asJson) return world.out(JSON.stringify({ ...personJson(person), link, link_expires_at: expiresAt }));
  world.out(`${person.login} (${person.name}) is ${person.role}.`);
  world.out(`To set up the login, open this link before ${expiresAt}. It works once:`);
  world.out(link);
}
