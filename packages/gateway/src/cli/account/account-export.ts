import type { AccountId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { importRequest } from '../../merchants/import-request.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos account export`: what the merchant's own wallet needs to see every payment. */
export const accountExport: Command = async (world, config, words) => {
  const options = readOptions(words, ['account']);
  const id = options.uuid<AccountId>('account', 'an account');
  if (id === undefined) throw new UsageError('--account: expected the UUID of an account, got nothing');
  const account = await withBase(world, config, ({ store }) => store.accounts.get(id));
  if (account === undefined) throw new OperatorError(`--account: no account with id ${id}`);
  const requests = [importRequest(account)];
  if (options.json) {
    const { name, network, descriptor, nextIndex } = account;
    return world.out(
      JSON.stringify({ uuid: id, name, network, descriptor, next_index: nextIndex, import_descriptors: requests }),
    );
  }
  world.out(`Account ${id} (${account.name}, ${account.network}), next index ${account.nextIndex}. Its receiving addresses:`);
  world.out(`  ${account.descriptor}`);
  world.out('For a wallet of Bitcoin Core without private keys, the argument of importdescriptors:');
  world.out(`  ${JSON.stringify(requests)}`);
};
