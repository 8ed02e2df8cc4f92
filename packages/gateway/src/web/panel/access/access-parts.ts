import type { FailedLogins } from '../../../services/people/failed-logins.ts';
import type { PasswordLanes } from '../../../services/people/password-lanes.ts';
import type { PeopleContext } from '../../../services/people/people-context.ts';
import type { PanelVisits } from './panel-visits.ts';

/** What the pages for logging in share. */
export interface AccessParts {
  readonly context: PeopleContext;
  readonly visits: PanelVisits;
  readonly lanes: PasswordLanes;
  readonly failed: FailedLogins;
}
