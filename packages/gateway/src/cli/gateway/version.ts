import { VERSION } from '../../kernel/version.ts';
import type { CliWorld } from '../command.ts';
import { readOptions } from '../support/options.ts';

/** `webpos version`, or `webpos --version`: needs no settings. */
export function version(world: Pick<CliWorld, 'out' | 'operator'>, words: readonly string[]): void {
  const { json } = readOptions(words, []);
  const { lastMigration } = world.operator;
  world.out(
    json
      ? JSON.stringify({ version: VERSION, node: process.version, last_migration: lastMigration })
      : `webpos ${VERSION} (Node ${process.version}, tables of ${lastMigration})`,
  );
}
