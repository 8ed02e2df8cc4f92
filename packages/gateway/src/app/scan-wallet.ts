import type { WalletScanner } from '../cli/command.ts';
import type { Config } from '../config/config.ts';
import type { ScriptHex } from '../kernel/chain.ts';

/**
 * Returns a scanner that asks the node of these settings for payments to a wallet.
 *
 * @returns Undefined with the sandbox chain, which is as new as its database.
 */
export function scanWallet(config: Config): WalletScanner | undefined {
  const { chain, network } = config;
  if (chain.kind === 'sandbox') return undefined;
  return async (wallet, from, { signal, progress }) => {
    const { createBitcoindSource } = await import('../chain/bitcoind/bitcoind-source.ts');
    const { createNodeRpc } = await import('../chain/bitcoind/rpc/rpc.ts');
    const { scanWallet: scan } = await import('../chain/bitcoind/scan-wallet.ts');
    const node = { url: chain.url, ...(chain.cookieFile === undefined ? {} : { cookieFile: chain.cookieFile }) };
    // A node on another chain, or one that is still syncing, would not know the wallet's payments.
    await createBitcoindSource({ ...node, network }).check(signal);
    const scripts = (first: number, count: number): ScriptHex[] => wallet.receiveMany(first, count).map(({ script }) => script);
    return scan({ rpc: createNodeRpc(node), descriptor: wallet.descriptor, scripts, from, progress, signal });
  };
}
