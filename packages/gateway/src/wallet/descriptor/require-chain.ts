import type { Network } from '../../kernel/chain.ts';
import type { ExtendedKey } from './extended-key.ts';
import { PLAIN_VERSIONS } from './slip132.ts';
import { WalletError, type WalletField } from '../wallet-error.ts';

const NETWORKS_OF = { main: 'bitcoin', test: 'the test networks' } as const;

/** @throws WalletError with code `network` when a key belongs to a chain other than the gateway's. */
export function requireChain({ version }: ExtendedKey, network: Network, field: WalletField): void {
  const chain = network === 'bitcoin' ? 'main' : 'test';
  if (version.chain === chain) return;
  const { prefix } = PLAIN_VERSIONS[chain];
  throw new WalletError(
    'network',
    field,
    `expected a key of the network ${network} (${prefix}), got one of ${NETWORKS_OF[version.chain]} (${version.prefix})`,
  );
}
