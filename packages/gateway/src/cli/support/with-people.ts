import { randomUUID } from 'node:crypto';
import { systemClock } from '../../kernel/clock.ts';
import type { Config } from '../../config/config.ts';
import type { PeopleContext } from '../../services/people/people-context.ts';
import type { CliWorld } from '../command.ts';
import { withBase } from './with-base.ts';

/** Opens the database and the key file, works on people and their access, and closes the database in any case. */
export async function withPeople<T>(
  world: CliWorld,
  config: Config,
  work: (context: PeopleContext) => Promise<T>,
  options?: { readonly create?: boolean },
): Promise<T> {
  return withBase(
    world,
    config,
    async ({ store, keys }) => work({ store, clock: systemClock, newUuid: randomUUID, keys: await keys() }),
    options,
  );
}
