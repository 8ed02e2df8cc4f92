import { isoDate, systemClock } from '../../kernel/clock.ts';
import { cancelRotation, completeRotation, startRotation } from '../../services/merchants/rotate-secret.ts';
import type { Command } from '../command.ts';
import { findPos, POS_OPTIONS, readWhichPos } from '../support/find-pos.ts';
import { readOptions } from '../support/options.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos pos rotate-secret`: gives a POS a second secret, or with `--complete` ends the first, or with `--cancel` the second. */
export const posRotateSecret: Command = async (world, config, words) => {
  const options = readOptions(words, POS_OPTIONS, { flags: ['complete', 'cancel'] });
  if (options.flag('complete') && options.flag('cancel'))
    throw new UsageError('expected one of --complete and --cancel, got both');
  const which = readWhichPos(options);
  await withBase(world, config, async ({ store, keys }) => {
    const context = { store, clock: systemClock, keys: await keys() };
    const { id, clientId, name } = await findPos(store, which);
    if (options.flag('cancel')) {
      await cancelRotation(context, id);
      if (options.json) return world.out(JSON.stringify({ uuid: id, client_id: clientId, cancelled: true }));
      return world.out(
        `POS ${id} (${name}): the new secret has ended, and the old one goes on. Its access tokens have ended: shops log in again.`,
      );
    }
    if (options.flag('complete')) {
      await completeRotation(context, id);
      if (options.json) return world.out(JSON.stringify({ uuid: id, client_id: clientId, completed: true }));
      return world.out(
        `POS ${id} (${name}): the old secret and its access tokens have ended; callbacks are signed with the new one.`,
      );
    }
    const { secret, webhookSecret, endsAt } = await startRotation(context, id);
    const until = isoDate(endsAt);
    const shown = { uuid: id, client_id: clientId, secret, webhook_secret: webhookSecret, previous_secret_expires_at: until };
    if (options.json) return world.out(JSON.stringify(shown));
    world.out(`POS ${id} (${name})`);
    world.out(`  client_id  ${clientId}`);
    world.out(`  secret     ${secret}`);
    world.out(`  to verify callbacks by Standard Webhooks: ${webhookSecret}`);
    world.out(
      'Keep the new secrets now: they are not shown again. Both secrets log in; `chainside-signature` is still by the old one, Standard Webhooks by both.',
    );
    world.out(`Give the shop both to verify callbacks by, let it log in with the new one, and then run this with --complete.`);
    world.out(`The old secret ends by itself at ${until}.`);
  });
};
