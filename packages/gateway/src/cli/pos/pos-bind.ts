import { systemClock } from '../../kernel/clock.ts';
import type { AccountId, PosId } from '../../kernel/ids.ts';
import { bindPos } from '../../services/seals/confirm-account.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { ACCOUNT_OPTION } from '../support/common-options.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos pos bind`: decides which wallet the orders of a POS are paid to. */
export const posBind: Command = defineCommand({
  name: 'pos bind',
  summary: 'Choose the account that new orders of a POS are paid to',
  usage: '--pos UUID --account UUID',
  options: {
    pos: { value: 'UUID', text: 'POS', allowed: 'the UUID that webpos pos list shows' },
    account: ACCOUNT_OPTION,
  },
  notes: [
    'Nobody can do this in the browser, and a row that was changed in the database is refused: give the same account to confirm it. ' +
      'Works while a gateway serves. Earlier orders keep their addresses.',
  ],
  example: '--pos 9c1d4b7a-2f3e-4d5c-8b6a-7e8f9a0b1c2d --account UUID',
  run: async (world, config, options) => {
    const posId = options.requiredUuid<PosId>('pos', 'a POS');
    const accountId = options.requiredUuid<AccountId>('account', 'an account');
    const pos = await withBase(world, config, async ({ store, keys, guard }) => {
      const context = {
        store,
        clock: systemClock,
        keys: await keys(),
        guard: await guard(),
        actor: { kind: 'command' },
      } as const;
      return bindPos(context, posId, accountId);
    });
    if (options.json) return world.out(JSON.stringify({ uuid: posId, name: pos.name, account: accountId }));
    world.out(`New orders of POS ${posId} (${pos.name}) are paid to account ${accountId}.`);
  },
});
