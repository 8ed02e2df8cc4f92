import type { AccountId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { importRequest } from '../../merchants/import-request.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { ACCOUNT_OPTION } from '../support/common-options.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos account export`: prints what the merchant's own wallet needs to see every payment. */
export const accountExport: Command = defineCommand({
  name: 'account export',
  summary: 'Print what your own wallet needs to see every payment',
  usage: '--account UUID',
  options: { account: ACCOUNT_OPTION },
  notes: [
    "Prints the descriptor of the account's receiving addresses with its checksum, and the argument for Bitcoin Core's importdescriptors.",
  ],
  example: '--account 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f',
  run: async (world, config, options) => {
    const id = options.requiredUuid<AccountId>('account', 'an account');
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
    world.out('Argument of importdescriptors, for a Bitcoin Core wallet without private keys:');
    world.out(`  ${JSON.stringify(requests)}`);
  },
});
