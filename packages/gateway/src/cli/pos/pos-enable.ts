import { systemClock } from '../../kernel/clock.ts';
import { switchPos } from '../../services/merchants/change-pos.ts';
import type { Command } from '../command.ts';
import { findPos, POS_OPTIONS, readWhichPos } from '../support/find-pos.ts';
import { readOptions } from '../support/options.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos pos disable` and `webpos pos enable`: switches a point of sale off, or on again. */
export function posSwitch(active: boolean): Command {
  return async (world, config, words) => {
    const options = readOptions(words, POS_OPTIONS);
    const which = readWhichPos(options);
    await withBase(world, config, async ({ store }) => {
      const { id, clientId, name } = await findPos(store, which);
      await switchPos({ store, clock: systemClock }, id, active);
      if (options.json) return world.out(JSON.stringify({ uuid: id, client_id: clientId, active }));
      world.out(`POS ${id} (${name}) ${active ? 'may log in again.' : 'cannot log in, and its access tokens have ended.'}`);
      if (!active) world.out('Its open orders are watched, and reported, until they end.');
    });
  };
}
