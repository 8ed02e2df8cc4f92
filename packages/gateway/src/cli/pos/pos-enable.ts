import type { Config } from '../../config/config.ts';
import { systemClock } from '../../kernel/clock.ts';
import { switchPosAs } from '../../services/merchants/change-pos.ts';
import type { CliWorld, Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { findPos, POS_OPTIONS, POS_USAGE, readWhichPos, type PosOption } from '../support/find-pos.ts';
import type { Options } from '../support/options.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos pos enable`: lets a disabled point of sale log in again. */
export const posEnable: Command = defineCommand({
  name: 'pos enable',
  summary: 'Enable a disabled point of sale',
  usage: POS_USAGE,
  options: POS_OPTIONS,
  example: '--pos 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f',
  run: (world, config, options) => setActive(world, config, options, true),
});

/** `webpos pos disable`: stops a point of sale from logging in. */
export const posDisable: Command = defineCommand({
  name: 'pos disable',
  summary: 'Disable a point of sale: it cannot log in, and its access tokens are revoked',
  usage: POS_USAGE,
  options: POS_OPTIONS,
  notes: ['Its open orders are still followed and reported until they are resolved.'],
  example: '--pos 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f',
  run: (world, config, options) => setActive(world, config, options, false),
});

async function setActive(world: CliWorld, config: Config, options: Options<PosOption>, active: boolean): Promise<void> {
  const which = readWhichPos(options);
  await withBase(world, config, async ({ store, keys }) => {
    const { id, clientId, name } = await findPos(store, which);
    await switchPosAs({ store, clock: systemClock, keys: await keys() }, { kind: 'command' }, id, active);
    if (options.json) return world.out(JSON.stringify({ uuid: id, client_id: clientId, active }));
    world.out(`POS ${id} (${name}) ${active ? 'can log in again.' : 'cannot log in, and its access tokens are revoked.'}`);
    if (!active) world.out('Its open orders are still followed and reported until they are resolved.');
  });
}
