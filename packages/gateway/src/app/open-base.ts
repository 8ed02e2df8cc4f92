/** What is stored: the database, the key file and the marks. */
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import type { GatewayKeys } from '../security/key-file.ts';
import { openKeys } from '../services/operator/open-keys.ts';
import type { MarksFile } from '../store/marks.ts';
import { openMarksFile } from '../store/marks/marks-file.ts';
import { openStore } from '../store/sql/open-store.ts';
import type { SqlStore } from '../store/sql/sql-store.ts';

/** What commands need that do not serve. */
export interface Base {
  readonly store: SqlStore;
  /** Reads the key file, or makes it while there is no POS. @throws OperatorError when it is missing or another's. */
  readonly keys: () => Promise<GatewayKeys>;
  readonly marks: MarksFile;
}

export interface BaseOptions {
  /** Makes a database where none exists. Default: it is refused. */
  readonly create?: boolean;
  /** Brings the tables of an earlier version up to date. Default: they are refused. */
  readonly migrate?: boolean;
}

/**
 * Opens what is stored. Nothing is made, and no table is changed, unless the options ask for it.
 *
 * @throws DatabaseMissingError, DatabaseOlderError, DatabaseNewerError; OperatorError when the database cannot be opened.
 */
export async function openBase(config: Config, options: BaseOptions = {}): Promise<Base> {
  const store = await openStore(config.databaseUrl, {
    ifMissing: options.create === true ? 'create' : 'refuse',
    ifOlder: options.migrate === true ? 'migrate' : 'refuse',
  });
  const keys = (): Promise<GatewayKeys> => openKeys({ store, keyFile: config.keyFile });
  return { keys, marks: openMarksFile(resolve(config.marksFile)), store };
}
