import { isoDate, systemClock } from '../../kernel/clock.ts';
import type { Pos } from '../../merchants/pos.ts';
import { cancelRotation, completeRotation, startRotation } from '../../services/merchants/rotate-secret.ts';
import type { CliWorld, Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { findPos, POS_OPTIONS, POS_USAGE, readWhichPos } from '../support/find-pos.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos pos rotate-secret`: starts the rotation of a secret, and completes or cancels it. */
export const posRotateSecret: Command = defineCommand({
  name: 'pos rotate-secret',
  summary: 'Create a second secret for a point of sale, or complete or cancel a rotation',
  usage: POS_USAGE,
  options: {
    ...POS_OPTIONS,
    complete: { text: 'revoke the old secret and its access tokens now, and sign callbacks with the new secret' },
    cancel: { text: 'revoke the new secret and all access tokens now, and keep the old secret' },
  },
  notes: [
    'Without --complete or --cancel, a rotation starts, and the new secret is shown once. For 24 hours both secrets can log in, ' +
      'and chainside-signature is made with the old one. Then the old secret expires.',
  ],
  example: '--pos 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f',
  run: async (world, config, options) => {
    if (options.flag('complete') && options.flag('cancel'))
      throw new UsageError('expected one of --complete and --cancel, got both');
    const which = readWhichPos(options);
    await withBase(world, config, async ({ store, keys }) => {
      const context = { store, clock: systemClock, keys: await keys() };
      const pos = await findPos(store, which);
      const { id, clientId, name } = pos;
      if (options.flag('cancel')) {
        await cancelRotation(context, id);
        if (options.json) return world.out(JSON.stringify({ uuid: id, client_id: clientId, cancelled: true }));
        return world.out(
          `POS ${id} (${name}): the new secret and all access tokens are revoked. Shops log in with the old secret.`,
        );
      }
      if (options.flag('complete')) {
        await completeRotation(context, id);
        if (options.json) return world.out(JSON.stringify({ uuid: id, client_id: clientId, completed: true }));
        return world.out(
          `POS ${id} (${name}): the old secret and its access tokens are revoked. Callbacks are signed with the new secret.`,
        );
      }
      showSecret(world, options.json, pos, await startRotation(context, id));
    });
  },
});

function showSecret(
  world: CliWorld,
  json: boolean,
  { id, clientId, name }: Pos,
  { secret, webhookSecret, endsAt }: Awaited<ReturnType<typeof startRotation>>,
): void {
  const expiresAt = isoDate(endsAt);
  if (json) {
    const shown = { uuid: id, client_id: clientId, secret, webhook_secret: webhookSecret, previous_secret_expires_at: expiresAt };
    return world.out(JSON.stringify(shown));
  }
  world.out(`POS ${id} (${name})`);
  world.out(`  client_id  ${clientId}`);
  world.out(`  secret     ${secret}`);
  world.out(`  Standard Webhooks secret, to verify callbacks: ${webhookSecret}`);
  world.out('Store the new secrets now: they are not shown again.');
  world.out('Both secrets can log in. chainside-signature is still made with the old secret, webhook-signature with both.');
  world.out('Let the shop verify callbacks with both secrets and log in with the new one, then run this with --complete.');
  world.out(`The old secret expires at ${expiresAt}.`);
}
