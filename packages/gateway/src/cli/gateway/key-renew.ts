import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';

/** `webpos key renew`: creates a new key file, and a new secret for every POS. */
export const keyRenew: Command = defineCommand({
  name: 'key renew',
  summary: 'Create a new key file and a new secret for every POS, after the key file was lost',
  usage: '',
  options: {
    'replace-working-key': { text: 'renew the key even though the key file works, for example because others know the key' },
  },
  notes: [
    'Stop webpos serve first. The new secrets are shown once. All old secrets and access tokens are revoked, and orders continue. ' +
      'If the command is interrupted, run it again.',
  ],
  example: '',
  run: (world, config, options) =>
    world.operator.renewKey(config, {
      replaceWorkingKey: options.flag('replace-working-key'),
      shown: ({ renewed, unconfirmed, replacedFile }) => {
        if (options.json) {
          const pos = renewed.map(({ pos: { id, clientId, name, active }, secret, webhookSecret }) => ({
            uuid: id,
            client_id: clientId,
            name,
            active,
            secret,
            webhook_secret: webhookSecret,
          }));
          return world.out(
            JSON.stringify({ key_file: config.keyFile, replaced_key_file: replacedFile ?? null, pos, unconfirmed }),
          );
        }
        world.out(`New key file: ${config.keyFile}${replacedFile === undefined ? '' : `; the old one is now ${replacedFile}`}`);
        for (const { pos, secret, webhookSecret } of renewed) {
          world.out(`POS ${pos.id} (${pos.name})${pos.active ? '' : ', disabled'}`);
          world.out(`  client_id  ${pos.clientId}`);
          world.out(`  secret     ${secret}`);
          world.out(`  Standard Webhooks secret, to verify callbacks: ${webhookSecret}`);
        }
        for (const id of unconfirmed.accounts)
          world.out(
            `Account ${id} sells nothing until you confirm it: webpos account seal --account ${id} --first-address ADDRESS`,
          );
        for (const id of unconfirmed.pos)
          world.out(`POS ${id} sells nothing until you confirm its account: webpos pos bind --pos ${id} --account UUID`);
        for (const id of unconfirmed.refunds)
          world.out(`Refund ${id} cannot be verified: webpos refund cancel ${id}, and have it requested anew`);
        world.out(
          'Give each shop its new secret now: the secrets are not shown again. All old secrets and access tokens are revoked.',
        );
        return world.out(
          'Orders continue, and pending callbacks are signed with the new secrets. Now make a backup: webpos backup TARGET',
        );
      },
    }),
});
