import type { OptionHelp } from '@webpos/listen/help';
import { posTermsJson } from '../../contract/pos-json.ts';
import { systemClock } from '../../kernel/clock.ts';
import { changeTerms } from '../../services/merchants/change-terms.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { findPos, POS_OPTIONS, POS_USAGE, readWhichPos } from '../support/find-pos.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';
import { LOOK_OPTIONS, readLook, type LookOption } from './pos-look.ts';
import { readTerms, TERMS_OPTIONS, type TermsOption } from './pos-terms.ts';

const CHANGES = { ...TERMS_OPTIONS, ...LOOK_OPTIONS };
/** The options of `pos create`; here a missing option changes nothing. */
const CHANGE_OPTIONS = Object.fromEntries(
  Object.entries(CHANGES).map(([name, option]) => [name, { ...option, default: 'unchanged' }]),
) as Readonly<Record<TermsOption | LookOption, OptionHelp>>;

/** `webpos pos update`: changes the terms that orders get from a point of sale, and the look of its pages. */
export const posUpdate: Command = defineCommand({
  name: 'pos update',
  summary: 'Change the settings of a point of sale',
  usage: POS_USAGE,
  options: { ...POS_OPTIONS, ...CHANGE_OPTIONS },
  notes: [
    'A running gateway applies the changes within seconds. Existing orders keep their terms. --origin replaces all origins.',
  ],
  example: '--pos 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --tolerance 0.5 --tolerance-sats 1000',
  run: async (world, config, options) => {
    const which = readWhichPos(options);
    const terms = readTerms(options, config);
    const look = await readLook(options, config);
    if (Object.keys(terms).length + Object.keys(look).length === 0) {
      const names = Object.keys(CHANGE_OPTIONS).map((name) => `--${name}`);
      throw new UsageError(`expected one of ${names.join(', ')}, got none`);
    }
    await withBase(world, config, async ({ store, keys }) => {
      const { id } = await findPos(store, which);
      const context = { store, clock: systemClock, keys: await keys(), network: config.network };
      const pos = await changeTerms(context, { kind: 'command' }, id, terms, look);
      if (options.json) return world.out(JSON.stringify(posTermsJson(pos)));
      world.out(
        `Changed POS ${id} (${pos.name}). A running gateway applies the change within seconds. Existing orders keep their terms.`,
      );
    });
  },
});
