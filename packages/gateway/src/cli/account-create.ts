import { randomUUID } from 'node:crypto';
import { systemClock } from '../kernel/clock.ts';
import { createAccount } from '../services/create-account.ts';
import type { AccountInput } from '../wallet/parse-account.ts';
import type { Command } from './command.ts';
import { readOptions, type Options } from './options.ts';
import { UsageError } from './usage-error.ts';

/** `webpos account create`: registers a wallet and shows its first addresses, to compare with the merchant's own wallet. */
export const accountCreate: Command = async (world, config, words) => {
  const options = readOptions(words, ['name', 'descriptor', 'xpub']);
  const name = options.required('name');
  const wallet = walletInput(options);
  const { store } = await world.openBase(config);
  try {
    const { account, firstAddresses } = await createAccount(
      { store, clock: systemClock, newUuid: randomUUID, network: config.network },
      { name, wallet },
    );
    const addresses = firstAddresses.map(({ address }) => address);
    if (options.json) {
      world.out(JSON.stringify({ uuid: account.id, name, network: account.network, descriptor: account.descriptor, addresses }));
      return;
    }
    world.out(`Account ${account.id} (${name}, ${account.network})`);
    world.out(`  ${account.descriptor}`);
    world.out('Compare its first addresses with those that your wallet shows. If they differ, do not use it:');
    for (const [index, address] of addresses.entries()) world.out(`  ${index}  ${address}`);
  } finally {
    await store.close();
  }
};

function walletInput(options: Options): AccountInput {
  const descriptor = options.optional('descriptor');
  const xpub = options.optional('xpub');
  if (descriptor !== undefined && xpub === undefined) return { descriptor };
  if (xpub !== undefined && descriptor === undefined) return { xpub };
  throw new UsageError(`expected one of --descriptor and --xpub, got ${descriptor === undefined ? 'neither' : 'both'}`);
}
