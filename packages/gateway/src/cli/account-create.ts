import { randomUUID } from 'node:crypto';
import { systemClock } from '../kernel/clock.ts';
import { createAccount } from '../services/create-account.ts';
import type { ScriptType } from '../wallet/account-wallet.ts';
import { olderClientsThatRefuse } from '../wallet/older-clients.ts';
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
    const { account, scriptType, firstAddresses } = await createAccount(
      { store, clock: systemClock, newUuid: randomUUID, network: config.network },
      { name, wallet },
    );
    const addresses = firstAddresses.map(({ address }) => address);
    const notes = notesOn(wallet, scriptType);
    if (options.json) {
      const { id: uuid, network, descriptor } = account;
      return world.out(JSON.stringify({ uuid, name, network, script_type: scriptType, descriptor, addresses, notes }));
    }
    world.out(`Account ${account.id} (${name}, ${account.network})`);
    world.out(`  ${account.descriptor}`);
    for (const note of notes) world.out(note);
    world.out('Compare its first addresses with those that your wallet shows. If they differ, do not use it:');
    for (const [index, address] of addresses.entries()) world.out(`  ${index}  ${address}`);
  } finally {
    await store.close();
  }
};

/** What is worth knowing of a wallet that is good. */
function notesOn(wallet: AccountInput, scriptType: ScriptType): string[] {
  const notes: string[] = [];
  if ('xpub' in wallet && /^\s*[xt]pub/.test(wallet.xpub))
    notes.push('Note: a bare xpub or tpub does not say its kind of address; this one was taken as native segwit (BIP 84).');
  const refusing = olderClientsThatRefuse(scriptType);
  if (refusing.length > 0)
    notes.push(
      `Note: its addresses (${scriptType}) are refused by the older client ${refusing.length > 1 ? 'libraries' : 'library'} for ${refusing.join(', ')}. A shop that uses one needs an ` +
        `account of ${refusing.length > 1 ? 'wpkh(...), for PHP of ' : ''}sh(wpkh(...)) or pkh(...).`,
    );
  return notes;
}

function walletInput(options: Options): AccountInput {
  const descriptor = options.optional('descriptor');
  const xpub = options.optional('xpub');
  if (descriptor !== undefined && xpub === undefined) return { descriptor };
  if (xpub !== undefined && descriptor === undefined) return { xpub };
  throw new UsageError(`expected one of --descriptor and --xpub, got ${descriptor === undefined ? 'neither' : 'both'}`);
}
