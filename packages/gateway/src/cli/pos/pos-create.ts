import { randomUUID } from 'node:crypto';
import { systemClock } from '../../kernel/clock.ts';
import { describeMode } from '../../merchants/describe-mode.ts';
import { createPosAs } from '../../services/merchants/create-pos.ts';
import { newPosOf } from '../../services/merchants/settings/new-pos.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';
import { POS_CHANGES, readPosOptions } from './pos-options.ts';

/** `webpos pos create`: creates a point of sale, and shows its secret once. */
export const posCreate: Command = defineCommand({
  name: 'pos create',
  summary: 'Create a point of sale and show its secret once',
  usage: '--name NAME --account UUID --currency CODE',
  options: POS_CHANGES,
  example: '--name Shop --account 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --currency EUR',
  run: async (world, config, options) => {
    const input = newPosOf(await readPosOptions(options, config), needed);
    await withBase(world, config, async ({ store, keys }) => {
      const context = { store, clock: systemClock, newUuid: randomUUID, keys: await keys() };
      const { pos, secret, webhookSecret } = await createPosAs(context, { kind: 'command' }, input);
      if (options.json)
        return world.out(JSON.stringify({ uuid: pos.id, client_id: pos.clientId, secret, webhook_secret: webhookSecret }));
      world.out(`POS ${pos.id} (${pos.name}, ${pos.currency}, ${describeMode(config)})`);
      world.out(`  client_id  ${pos.clientId}`);
      world.out(`  secret     ${secret}`);
      world.out(`  Standard Webhooks secret, to verify callbacks: ${webhookSecret}`);
      world.out('Store the secrets now: they are not shown again.');
    });
  },
});

function needed<T>(option: string, value: T | undefined): T {
  if (value === undefined) throw new UsageError(`--${option}: expected a value, got nothing`);
  return value;
}
