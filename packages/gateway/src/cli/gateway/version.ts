import { VERSION } from '../../kernel/version.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';

/** `webpos version` and `webpos --version`. It reads no settings, so that it works while they are wrong. */
export const version: Command = {
  name: 'version',
  summary: 'Print the versions of WebPOS, Node and the database tables',
  usage: '',
  options: {},
  example: '',
  run: async ({ out, operator: { lastMigration } }, words) => {
    const { json } = readOptions(words, version);
    out(
      json
        ? JSON.stringify({ version: VERSION, node: process.version, last_migration: lastMigration })
        : `webpos ${VERSION} (Node ${process.version}, tables of ${lastMigration})`,
    );
  },
};
