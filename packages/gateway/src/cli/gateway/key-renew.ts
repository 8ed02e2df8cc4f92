import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';

/** `webpos key renew`: a new key file and new secrets for every POS, shown once. */
export const keyRenew: Command = async (world, config, words) => {
  const options = readOptions(words, [], { flags: ['replace-working-key'] });
  await world.operator.renewKey(config, {
    replaceWorkingKey: options.flag('replace-working-key'),
    shown: ({ renewed, replacedFile }) => {
      if (options.json) {
        const pos = renewed.map(({ pos: { id, clientId, name, active }, secret, webhookSecret }) => ({
          uuid: id,
          client_id: clientId,
          name,
          active,
          secret,
          webhook_secret: webhookSecret,
        }));
        return world.out(JSON.stringify({ key_file: config.keyFile, replaced_key_file: replacedFile ?? null, pos }));
      }
      world.out(`New key file: ${config.keyFile}${replacedFile === undefined ? '' : `; the one before is ${replacedFile}`}`);
      for (const { pos, secret, webhookSecret } of renewed) {
        world.out(`POS ${pos.id} (${pos.name})${pos.active ? '' : ', disabled'}`);
        world.out(`  client_id  ${pos.clientId}`);
        world.out(`  secret     ${secret}`);
        world.out(`  to verify callbacks by Standard Webhooks: ${webhookSecret}`);
      }
      world.out('Give each shop its new secret now: they are not shown again. The old secrets and all access tokens have ended;');
      return world.out(
        'orders go on, and callbacks that wait are signed with the new secret. Then back up: webpos backup TARGET.',
      );
    },
  });
};
