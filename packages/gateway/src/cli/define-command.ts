/**
 * Makes a command from its declaration. The options that it declares are the ones that are parsed, passed to `run` and explained by
 * `--help`.
 */
import type { CommandHelp, OptionTable } from '@webpos/listen/help';
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import type { CliWorld, Command } from './command.ts';
import { readOptions, type Options } from './support/options.ts';

export interface CommandDefinition<Table extends OptionTable> extends CommandHelp {
  readonly options: Table;
  readonly run: (world: CliWorld, config: Config, options: Options<keyof Table & string>) => Promise<void>;
}

/** Returns a command that reads the settings, then its options, and then runs. */
export function defineCommand<Table extends OptionTable>({ run, ...help }: CommandDefinition<Table>): Command {
  return { ...help, run: async (world, words) => run(world, readConfig(world.environment), readOptions(words, help)) };
}
