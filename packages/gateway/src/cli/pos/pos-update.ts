import { changeTerms } from '../../services/merchants/change-terms.ts';
import type { Command } from '../command.ts';
import { findPos, POS_OPTIONS, readWhichPos } from '../support/find-pos.ts';
import { readOptions } from '../support/options.ts';
import { LOOK_LISTS, LOOK_OPTIONS, readLook } from './pos-look.ts';
import { posTermsJson } from './pos-list.ts';
import { readTerms, TERMS_OPTIONS } from './pos-terms.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos pos update`: changes what the orders of a point of sale take from it, and how its pages look; what is not given stays. */
export const posUpdate: Command = async (world, config, words) => {
  const options = readOptions(words, [...POS_OPTIONS, ...TERMS_OPTIONS, ...LOOK_OPTIONS], { lists: LOOK_LISTS });
  const which = readWhichPos(options);
  const terms = readTerms(options, config);
  const look = await readLook(options, config);
  if (Object.keys(terms).length + Object.keys(look).length === 0) {
    const names = [...TERMS_OPTIONS, ...LOOK_OPTIONS, ...LOOK_LISTS].map((option) => `--${option}`);
    throw new UsageError(`expected one of ${names.join(', ')}, got none`);
  }
  await withBase(world, config, async ({ store }) => {
    const { id } = await findPos(store, which);
    const pos = await changeTerms({ store, network: config.network }, id, terms, look);
    if (options.json) return world.out(JSON.stringify(posTermsJson(pos)));
    world.out(
      `POS ${id} (${pos.name}) is changed: a running gateway takes it within seconds. Orders that exist keep their terms.`,
    );
  });
};
