import { deletePos } from '../../services/merchants/delete-unused.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { findPos, POS_OPTIONS, POS_USAGE, readWhichPos } from '../support/find-pos.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos pos delete`: deletes a point of sale that has no orders. */
export const posDelete: Command = defineCommand({
  name: 'pos delete',
  summary: 'Delete a point of sale that has no orders',
  usage: POS_USAGE,
  options: POS_OPTIONS,
  notes: ['A point of sale that has orders can only be disabled: see webpos pos disable.'],
  example: '--pos 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f',
  run: async (world, config, options) => {
    const which = readWhichPos(options);
    const { id, name } = await withBase(world, config, async ({ store }) =>
      deletePos({ store }, (await findPos(store, which)).id),
    );
    if (options.json) return world.out(JSON.stringify({ uuid: id, name, deleted: true }));
    world.out(`Deleted POS ${id} (${name}), which never had an order.`);
  },
});
