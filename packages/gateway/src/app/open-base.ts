/** The stored base of a gateway: the database, the key file and the marks file. */
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { systemClock, type Clock, type EpochMs } from '../kernel/clock.ts';
import type { GatewayKeys } from '../security/key-file.ts';
import { WalletSeals } from '../security/wallet-seals.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { existingKeys, keysIfAny, openKeys } from '../services/operator/open-keys.ts';
import { SealGuard } from '../services/seals/seal-guard.ts';
import { sealStored, type SealStoredOptions } from '../services/seals/seal-stored.ts';
import type { MarksFile } from '../store/marks.ts';
import { openMarksFile } from '../store/marks/marks-file.ts';
import { sealMarker } from '../store/seal-marker.ts';
import { openStore } from '../store/sql/open-store.ts';
import type { SqlStore } from '../store/sql/sql-store.ts';

export interface Base {
  readonly store: SqlStore;
  /** Reads the key file, or creates it while there is no POS. @throws OperatorError when it is missing or belongs to another database. */
  readonly keys: () => Promise<GatewayKeys>;
  /** Seals the rows from before there were seals, and returns since when every row must have one. */
  readonly sealedSince: () => Promise<EpochMs>;
  /**
   * Verifies what a command shows. The commands print what is broken, so nothing is logged. Reads the key file, and never creates it.
   *
   * @throws OperatorError when the key file is missing or belongs to another database.
   */
  readonly guard: () => Promise<SealGuard>;
  /** As `guard`, but returns undefined without a key file. */
  readonly guardIfAny: () => Promise<SealGuard | undefined>;
  readonly marks: MarksFile;
}

export interface BaseOptions {
  /** Creates a missing database. Default: refuses. */
  readonly create?: boolean;
  /** Migrates the tables of an earlier version. Default: refuses. */
  readonly migrate?: boolean;
  /** Whether to open the database for a gateway that serves. Default: for a command. */
  readonly serve?: boolean;
  /** Default: the clock of this machine. */
  readonly clock?: Clock;
  /** Default: nothing is logged, as for a command. */
  readonly log?: SealStoredOptions['log'];
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
    serves: options.serve === true,
  });
  const marks = openMarksFile(resolve(config.marksFile));
  const clock = options.clock ?? systemClock;
  const { log = { error: () => {} } } = options;
  let since: EpochMs | undefined;
  const seal = async (keys: GatewayKeys): Promise<EpochMs> =>
    (since ??= await sealStored({ store, keys, marks, marker: sealMarker(marks.path), clock, log }));
  const files = { store, keyFile: config.keyFile };
  const keys = async (): Promise<GatewayKeys> => {
    const opened = await openKeys(files);
    // Before a command creates anything: its row would be the first that is sealed.
    await seal(opened);
    return opened;
  };
  const guardOf = async (opened: GatewayKeys | undefined): Promise<SealGuard | undefined> =>
    opened &&
    new SealGuard({ seals: new WalletSeals(opened.wallet), clock, since: await seal(opened), log: { error: () => {} } });
  const guard = async (): Promise<SealGuard> => {
    const made = await guardOf(await existingKeys(files));
    if (made === undefined) throw new OperatorError(`no key file at ${config.keyFile} (WEBPOS_KEY_FILE)`);
    return made;
  };
  const guardIfAny = async (): Promise<SealGuard | undefined> => guardOf(await keysIfAny(files));
  return { guard, guardIfAny, keys, sealedSince: async () => seal(await openKeys(files)), marks, store };
}
