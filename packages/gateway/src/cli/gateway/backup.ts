import type { Config } from '../../config/config.ts';
import { withoutPassword } from '../../kernel/database/postgres-url.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';

/** `webpos backup`: copies the database, the key file and the marks file into a new folder. */
export const backup: Command = defineCommand({
  name: 'backup',
  summary: 'Copy the database, the key file and the marks file into a new folder',
  usage: 'TARGET',
  argument: { name: 'TARGET', text: 'folder to create; an existing one is never overwritten' },
  options: {},
  notes: [
    'Works while a gateway serves, and leaves it the processor. The copy is of a single moment, and is read back before the folder gets its name.',
    'On PostgreSQL, the folder contains the key file and the marks file, and the command prints the pg_dump command to run.',
  ],
  example: 'backup-2026-11-23',
  run: async (world, config, options) => {
    const target = options.path('the folder to create');
    world.lowerPriority?.();
    const { made_at: madeAt, database, rows, accounts, files, removed } = await world.operator.backUp(config, target);
    const next = database === 'postgres' ? dumpCommand(config, target) : null;
    if (options.json)
      return world.out(JSON.stringify({ target, made_at: madeAt, database, rows, accounts, files, removed, run: next }));
    for (const draft of removed) world.out(`Removed ${draft}, the remains of an interrupted backup.`);
    world.out(`Backup ${target}: ${Object.keys(files).join(', ')}.`);
    world.out('It was read back: the key opens the secret of every POS, and the marks cover every address that was handed out.');
    if (database === 'sqlite') {
      const { orders = 0, payments = 0, callbacks = 0, pos = 0 } = rows;
      world.out(`  ${accounts.length} accounts, ${pos} POS, ${orders} orders, ${payments} payments, ${callbacks} callbacks`);
    }
    if (next !== null)
      world.out(`It does not contain the database. Run this now, which puts a copy into the same folder:\n  ${next}`);
    world.out('It contains the key file: store it where only you can read it. webpos restore restores it.');
  },
});

/** Returns the command without the password: `pg_dump` asks for it, or reads it from `~/.pgpass`. */
function dumpCommand({ databaseUrl, databaseDirectUrl }: Config, target: string): string {
  return `pg_dump --format=custom --no-owner --file=${quoted(`${target}/webpos.dump`)} ${quoted(withoutPassword(databaseDirectUrl ?? databaseUrl))}`;
}

/** Quotes a word for a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
