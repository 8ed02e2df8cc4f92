import { randomUUID } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import { systemClock } from '../../kernel/clock.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { orderedUuid } from '../../kernel/ordered-uuid.ts';
import type { PaymentLink } from '../../links/payment-link.ts';
import type { LinkContext } from '../../services/links/change-links.ts';
import { findLink } from '../../services/links/read-links.ts';
import type { CliWorld } from '../command.ts';
import { withBase } from '../support/with-base.ts';

/** Opens the database and the key file, which authenticates the audit log, for a command about payment links. */
export function onLinks<T>(world: CliWorld, config: Config, work: (context: LinkContext) => Promise<T>): Promise<T> {
  return withBase(world, config, async ({ store, keys }) =>
    work({
      store,
      keys: await keys(),
      clock: systemClock,
      newUuid: () => orderedUuid(systemClock.now(), randomUUID()),
    }),
  );
}

/** @throws OperatorError if no link has this name. */
export async function linkNamed(context: LinkContext, name: string): Promise<PaymentLink> {
  const found = await findLink(context, name);
  if (found === undefined) throw new OperatorError('--name: no link with this name: webpos link list shows all');
  return found.link;
}
