import { OperatorError } from '../../kernel/operator-error.ts';
import { quoted, withoutPassword } from './backup.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';

/** `webpos restore SOURCE`: puts a backup in its place, where nothing is yet. */
export const restore: Command = async (world, config, words) => {
  const options = readOptions(words, [], { argument: true });
  const source = options.path('the folder of a backup');
  const manifest = await world.operator.restore(config, source).catch((error: unknown) => {
    const isMissing = error instanceof OperatorError && error.name === 'DatabaseMissingError';
    if (!isMissing || !config.databaseUrl.startsWith('postgres')) throw error;
    const command = `pg_restore --no-owner --dbname=${quoted(withoutPassword(config.databaseUrl))} ${quoted(`${source}/webpos.dump`)}`;
    throw new OperatorError(`${error.message}. First bring the tables back:\n  ${command}`, { cause: error });
  });
  const { made_at: madeAt, database, accounts } = manifest;
  const placed = {
    database: database === 'sqlite' ? config.databaseUrl.slice('sqlite:'.length) : null,
    key_file: config.keyFile,
    marks_file: config.marksFile,
  };
  if (options.json) return world.out(JSON.stringify({ source, made_at: madeAt, ...placed, accounts }));
  world.out(
    `Restored the backup of ${madeAt}: ${Object.values(placed)
      .filter((path) => path !== null)
      .join(', ')}.`,
  );
  for (const { uuid, name, next_index: next } of accounts)
    world.out(`  account ${uuid} (${name}) had handed out addresses below ${next}`);
  world.out(
    `What was sold after ${madeAt} is not in it. If the marks file of the machine that sold is still to be had, put it at`,
  );
  world.out(`${config.marksFile} and run this again elsewhere, or skip what may have been handed out since, for each account:`);
  world.out('  webpos account skip --account UUID --to N');
  world.out('Then: webpos doctor, and webpos serve.');
};
