import type { Config } from '../../config/config.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';

/** `webpos backup TARGET`: a folder with the database, the key file and the marks, made beside a gateway that serves. */
export const backup: Command = async (world, config, words) => {
  const options = readOptions(words, [], { argument: true });
  const target = options.path('the folder to make');
  const { made_at: madeAt, database, rows, accounts, files, removed } = await world.operator.backUp(config, target);
  const next = database === 'postgres' ? dumpCommand(config, target) : null;
  if (options.json)
    return world.out(JSON.stringify({ target, made_at: madeAt, database, rows, accounts, files, removed, run: next }));
  for (const draft of removed) world.out(`Removed ${draft}, which a backup that was interrupted had left.`);
  world.out(
    `Backup ${target}: ${Object.keys(files).join(', ')}. It was read back: the key opens the secret of every POS, and the`,
  );
  world.out('marks cover every address that was handed out.');
  if (database === 'sqlite') {
    const { orders = 0, payments = 0, callbacks = 0, pos = 0 } = rows;
    world.out(`  ${accounts.length} accounts, ${pos} POS, ${orders} orders, ${payments} payments, ${callbacks} callbacks`);
  }
  if (next !== null) world.out(`The database is not in it. Run this now, and keep what it makes in the same folder:\n  ${next}`);
  world.out('It holds the key file: keep it where only you can read it. webpos restore puts it back.');
};

/** @returns the command with the password left out: `pg_dump` asks for it, or finds it in `~/.pgpass`. */
function dumpCommand({ databaseUrl }: Config, target: string): string {
  return `pg_dump --format=custom --no-owner --file=${quoted(`${target}/webpos.dump`)} ${quoted(withoutPassword(databaseUrl))}`;
}

export function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.password = '';
  url.searchParams.delete('password');
  return url.href;
}

/** For a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
