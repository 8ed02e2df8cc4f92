import type { OptionTable } from '@webpos/listen/help';
import { systemClock } from '../../kernel/clock.ts';
import { changeTerms } from '../../services/merchants/change-terms.ts';
import { posTermsJson } from '../../services/merchants/settings/pos-json.ts';
import { sealOrders } from '../../services/seals/seal-orders.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { findPos, POS_OPTIONS, POS_USAGE, readWhichPos } from '../support/find-pos.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';
import { POS_CHANGES, readPosOptions } from './pos-options.ts';

/** The options of `pos create`; here a missing option changes nothing. */
const CHANGE_OPTIONS: OptionTable = Object.fromEntries(
  Object.entries(POS_CHANGES).map(([name, option]) => [name, { ...option, default: 'unchanged' }]),
);

const OPTIONS: OptionTable = { ...POS_OPTIONS, ...CHANGE_OPTIONS };

/** `webpos pos update`: changes the terms that orders get from a point of sale, and the look of its pages. */
export const posUpdate: Command = defineCommand({
  name: 'pos update',
  summary: 'Change the settings of a point of sale',
  usage: POS_USAGE,
  options: OPTIONS,
  notes: [
    'A running gateway applies the changes within seconds. Existing orders keep their terms. --origin replaces all origins.',
  ],
  example: '--pos 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --tolerance 0.5 --tolerance-sats 1000',
  run: async (world, config, options) => {
    const which = readWhichPos(options);
    const { terms = {}, look } = await readPosOptions(options, config);
    if (Object.keys(terms).length === 0 && look === undefined) {
      const names = Object.keys(CHANGE_OPTIONS).map((name) => `--${name}`);
      throw new UsageError(`expected one of ${names.join(', ')}, got none`);
    }
    await withBase(world, config, async ({ store, keys, guard }) => {
      const { id } = await findPos(store, which);
      const verifier = await guard();
      const { seals } = verifier;
      const context = { store, clock: systemClock, keys: await keys(), network: config.network, seals };
      if (terms.accountId !== undefined) await sealOrders({ ...context, guard: verifier }, id, terms.accountId);
      const pos = await changeTerms(context, { kind: 'command' }, id, terms, look);
      if (options.json) return world.out(JSON.stringify(posTermsJson(pos)));
      world.out(
        `Changed POS ${id} (${pos.name}). A running gateway applies the change within seconds. Existing orders keep their terms.`,
      );
    });
  },
});
