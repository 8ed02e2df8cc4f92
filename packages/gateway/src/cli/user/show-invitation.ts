import type { Config } from '../../config/config.ts';
import type { InvitedPerson } from '../../services/people/manage-people.ts';
import { invitedPersonJson } from '../../services/people/person-json.ts';
import type { CliWorld } from '../command.ts';
import { publicUrlOf } from '../support/public-url.ts';

/** Prints the link with which a person sets up the login. */
export function showInvitation(world: Pick<CliWorld, 'out'>, config: Config, invited: InvitedPerson, asJson: boolean): void {
  const shown = invitedPersonJson(publicUrlOf(config), invited);
  if (asJson) return world.out(JSON.stringify(shown));
  world.out(`${shown.login} (${shown.name}) is ${shown.role}.`);
  world.out(`To set up the login, open this link before ${shown.link_expires_at}. It works once:`);
  world.out(shown.link);
}
