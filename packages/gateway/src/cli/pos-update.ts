import { changeLook } from '../services/change-look.ts';
import type { Command } from './command.ts';
import { findPos, POS_OPTIONS, readWhichPos } from './find-pos.ts';
import { readOptions } from './options.ts';
import { lookJson, LOOK_LISTS, LOOK_OPTIONS, readLook } from './pos-look.ts';
import { UsageError } from './usage-error.ts';
import { withBase } from './with-base.ts';

/** `webpos pos update`: changes how the pages of a point of sale look; what is not given stays. */
export const posUpdate: Command = async (world, config, words) => {
  const options = readOptions(words, [...POS_OPTIONS, 'name', ...LOOK_OPTIONS], { lists: LOOK_LISTS });
  const which = readWhichPos(options);
  const name = options.optional('name') === undefined ? {} : { name: options.required('name') };
  const change = { ...name, ...(await readLook(options, config)) };
  if (Object.keys(change).length === 0) {
    const names = ['name', ...LOOK_OPTIONS, ...LOOK_LISTS].map((option) => `--${option}`);
    throw new UsageError(`expected one of ${names.join(', ')}, got none`);
  }
  await withBase(world, config, async ({ store }) => {
    const { id } = await findPos(store, which);
    const pos = await changeLook({ store }, id, change);
    if (options.json)
      return world.out(JSON.stringify({ uuid: id, client_id: pos.clientId, name: pos.name, ...lookJson(pos.look) }));
    world.out(`POS ${id} (${pos.name}) is changed; its pages show it within seconds.`);
  });
};
