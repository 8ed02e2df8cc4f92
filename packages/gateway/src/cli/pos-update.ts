import { changePos } from '../services/change-pos.ts';
import type { Command } from './command.ts';
import { findPos, POS_OPTIONS, readWhichPos } from './find-pos.ts';
import { readOptions } from './options.ts';
import { lookJson, LOOK_OPTIONS, readLook } from './pos-look.ts';
import { UsageError } from './usage-error.ts';
import { withBase } from './with-base.ts';

/** `webpos pos update`: changes how the pages of a point of sale look; what is not given stays. */
export const posUpdate: Command = async (world, config, words) => {
  const options = readOptions(words, [...POS_OPTIONS, ...LOOK_OPTIONS]);
  const which = readWhichPos(options);
  const change = readLook(options);
  if (Object.keys(change).length === 0)
    throw new UsageError(`expected one of ${LOOK_OPTIONS.map((name) => `--${name}`).join(', ')}, got none`);
  await withBase(world, config, async ({ store }) => {
    const { id } = await findPos(store, which);
    const pos = await changePos(store, id, (stored) => ({ ...stored, look: { ...stored.look, ...change } }));
    if (options.json) return world.out(JSON.stringify({ uuid: id, client_id: pos.clientId, ...lookJson(pos.look) }));
    world.out(`POS ${id} (${pos.name}) is changed; its pages show it within seconds.`);
  });
};
