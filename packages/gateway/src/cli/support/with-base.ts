import type { Config } from '../../config/config.ts';
import type { CliBase, CliWorld } from '../command.ts';

/** Opens the database, works on it, and closes it in any case. */
export async function withBase<T>(
  world: CliWorld,
  config: Config,
  work: (base: CliBase) => Promise<T>,
  options?: { readonly create?: boolean },
): Promise<T> {
  const base = await world.openBase(config, options);
  try {
    return await work(base);
  } finally {
    await base.store.close();
  }
}
