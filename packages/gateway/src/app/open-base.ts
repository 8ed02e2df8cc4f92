/** The stored base of a gateway: the database, the key file and the marks file. */
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import type { GatewayKeys } from '../security/key-file.ts';
import { openKeys } from '../services/operator/open-keys.ts';
import type { MarksFile } from '../store/marks.ts';
import { openMarksFile } from '../store/marks/marks-file.ts';
import { openStore } from '../store/sql/open-store.ts';
import type { SqlStore } from '../store/sql/sql-store.ts';

export interface Base {
  readonly store: SqlStore;
  /** Reads the key file, or creates it while there is no POS. @throws OperatorError when it is missing or belongs to another database. */
  readonly keys: () => Promise<GatewayKeys>;
  readonly marks: MarksFile;
}

export interface BaseOptions {
  /** Creates a missing database. Default: refuses. */
  readonly create?: boolean;
  /** Migrates the tables of an earlier version. Default: refuses. */
  readonly migrate?: boolean;
  /** Whether to open the database for a gateway that serves. Default: for a command. */
  readonly serve?: boolean;
}

/**
 * Opens the base. Creates nothing and changes no table, unless the options say so.
 *
 * @throws DatabaseMissingError, DatabaseOlderError, DatabaseNewerError; OperatorError when the database cannot be opened.
 */
export async function openBase(config: Config, options: BaseOptions = {}): Promise<Base> {
  const store = await openStore(config.databaseUrl, {
    directUrl: config.databaseDirectUrl,
    ifMissing: options.create === true ? 'create' : 'refuse',
    ifOlder: options.migrate === true ? 'migrate' : 'refuse',
    checkpointThread: options.serve === true,
  });
  const keys = (): Promise<GatewayKeys> => openKeys({ store, keyFile: config.keyFile });
  return { keys, marks: openMarksFile(resolve(config.marksFile)), store };
}
