import { withoutPassword } from '../../kernel/database/postgres-url.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { quoted } from './backup.ts';

/** `webpos restore`: copies a backup to where the settings say. */
export const restore: Command = defineCommand({
  name: 'restore',
  summary: 'Copy a backup to where the settings say, without overwriting anything',
  usage: 'SOURCE',
  argument: { name: 'SOURCE', text: 'folder of a backup' },
  options: {},
  notes: [
    'Stop webpos serve first. The command first checks that the backup is complete and that its key opens its secrets. An existing ' +
      'marks file is merged: the higher mark of each wallet applies.',
    'On PostgreSQL, restore the tables with pg_restore first.',
  ],
  example: 'backup-2026-11-23',
  run: async (world, config, options) => {
    const source = options.path('the folder of a backup');
    const manifest = await world.operator.restore(config, source).catch((error: unknown) => {
      const isMissing = error instanceof OperatorError && error.name === 'DatabaseMissingError';
      if (!isMissing || !config.databaseUrl.startsWith('postgres')) throw error;
      const command = `pg_restore --no-owner --dbname=${quoted(withoutPassword(config.databaseDirectUrl ?? config.databaseUrl))} ${quoted(`${source}/webpos.dump`)}`;
      throw new OperatorError(`${error.message}. Restore the tables first:\n  ${command}`, { cause: error });
    });
    const { made_at: madeAt, database, accounts } = manifest;
    const placed = {
      database: database === 'sqlite' ? config.databaseUrl.slice('sqlite:'.length) : null,
      key_file: config.keyFile,
      marks_file: config.marksFile,
    };
    if (options.json) return world.out(JSON.stringify({ source, made_at: madeAt, ...placed, accounts }));
    const paths = Object.values(placed).filter((path) => path !== null);
    world.out(`Restored the backup of ${madeAt}: ${paths.join(', ')}.`);
    for (const { uuid, name, next_index: next } of accounts)
      world.out(`  Account ${uuid} (${name}) had handed out addresses below index ${next}.`);
    world.out(
      `Orders created after ${madeAt} are not in it. If you still have the marks file of the gateway that created them, put it at`,
    );
    world.out(
      `${config.marksFile} and run this again elsewhere. Otherwise skip the addresses that may have been handed out, per account:`,
    );
    world.out('  webpos account skip --account UUID --to N');
    world.out('Then run webpos doctor and webpos serve.');
  },
});
