import type { Config } from '../config/config.ts';
import type { GatewayKeys } from '../security/key-file.ts';
import type { Store } from '../store/ports.ts';
import type { CliWorld } from './command.ts';

/** Opens what is stored, works on it, and closes it whatever happens. */
export async function withBase<T>(
  world: CliWorld,
  config: Config,
  work: (base: { readonly store: Store; readonly keys: GatewayKeys }) => Promise<T>,
): Promise<T> {
  const base = await world.openBase(config);
  try {
    return await work(base);
  } finally {
    await base.store.close();
  }
}
