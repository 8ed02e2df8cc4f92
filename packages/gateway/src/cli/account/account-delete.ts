import type { AccountId } from '../../kernel/ids.ts';
import { deleteAccount } from '../../services/merchants/delete-unused.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { ACCOUNT_OPTION } from '../support/common-options.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos account delete`: deletes a wallet that has handed out no address. */
export const accountDelete: Command = defineCommand({
  name: 'account delete',
  summary: 'Delete a wallet that has handed out no address and that no point of sale uses',
  usage: '--account UUID',
  options: { account: ACCOUNT_OPTION },
  example: '--account 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f',
  run: async (world, config, options) => {
    const given = options.requiredUuid<AccountId>('account', 'an account');
    const { id, name } = await withBase(world, config, ({ store }) => deleteAccount({ store }, given));
    if (options.json) return world.out(JSON.stringify({ uuid: id, name, deleted: true }));
    world.out(`Deleted account ${id} (${name}), which had handed out no address.`);
  },
});
