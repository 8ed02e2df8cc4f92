/** Constants that identify a chain: its first block, and where another chain split off. */
import type { BlockHash, Network } from '../../kernel/chain.ts';

/** The first block of each network. */
export const GENESIS: Record<Network, BlockHash> = {
  bitcoin: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f' as BlockHash,
  testnet4: '00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043' as BlockHash,
  signet: '00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6' as BlockHash,
  regtest: '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206' as BlockHash,
};

/** The height at which the chain of Bitcoin Knots split off in 2026, and its first block there. */
export const FORK_HEIGHT = 961_640;
export const FORKED_BLOCK: BlockHash = '0000000000000050c1e5f69672f459293be14f46e5a494e7a8c8541396f18eeb' as BlockHash;
