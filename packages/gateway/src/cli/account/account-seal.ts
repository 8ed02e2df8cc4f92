import { systemClock } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { confirmAccount } from '../../services/seals/confirm-account.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { ACCOUNT_OPTION } from '../support/common-options.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos account seal`: seals an account whose row is not authentic, after its owner has compared it with the wallet. */
export const accountSeal: Command = defineCommand({
  name: 'account seal',
  summary: 'Seal an account after comparing it with its wallet',
  usage: '--account UUID --first-address ADDRESS',
  options: {
    account: ACCOUNT_OPTION,
    'first-address': {
      value: 'ADDRESS',
      text: 'first receiving address of the wallet, copied from the wallet itself and not from the gateway',
    },
  },
  notes: [
    'No order is created for an account without a right seal: after somebody has changed it in the database, after the key file was lost, ' +
      'or if an old version created it beside a newer one. Works while a gateway serves, which notices within half a minute.',
  ],
  example: '--account 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --first-address bc1q...',
  run: async (world, config, options) => {
    const id = options.requiredUuid<AccountId>('account', 'an account');
    const firstAddress = options.required('first-address');
    const account = await withBase(world, config, async ({ store, keys }) =>
      confirmAccount({ store, clock: systemClock, keys: await keys(), actor: { kind: 'command' } }, id, firstAddress),
    );
    if (options.json) return world.out(JSON.stringify({ uuid: id, name: account.name, sealed: true }));
    world.out(`Account ${id} (${account.name}) is sealed.`);
  },
});
