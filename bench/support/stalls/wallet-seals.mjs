import { tsImport } from 'tsx/esm/api';

/** Returns the seals of a gateway, from its key file and its own code. */
export async function walletSealsOf(keyFile) {
  const security = '../../../packages/gateway/src/security';
  const { loadKeyFile } = await tsImport(`${security}/key-file.ts`, import.meta.url);
  const { WalletSeals } = await tsImport(`${security}/wallet-seals.ts`, import.meta.url);
  return new WalletSeals((await loadKeyFile(keyFile)).wallet);
}
