/** What commands do to a gateway as a whole; the process passes in the real implementation. */
import type { Config } from '../config/config.ts';
import type { MadeBackup } from '../services/backup/make-backup.ts';
import type { ForgottenFile } from '../store/forgotten-file.ts';
import type { Manifest } from '../services/backup/manifest.ts';
import type { RenewedKey } from '../services/operator/renew-key.ts';

export interface Operator {
  /** The newest migration that this version knows. */
  readonly lastMigration: string;
  /**
   * Does work during which no gateway may serve.
   *
   * @throws OperatorError when a gateway serves this database.
   */
  whileNobodyServes(config: Config, work: () => Promise<void>): Promise<void>;
  /** Renews the key file and all secrets. @throws OperatorError when a gateway serves, or there is nothing to renew. */
  renewKey(config: Config, options: RenewOptions): Promise<void>;
  /** Makes a backup. @throws OperatorError when the target exists or the copy is faulty; then nothing is left behind. */
  backUp(config: Config, target: string): Promise<MadeBackup>;
  /** Restores a backup. @throws OperatorError when a gateway serves, the backup is incomplete, or a file is in the way. */
  restore(config: Config, source: string): Promise<Manifest>;
  /** Opens the record of forgotten orders. */
  forgotten(config: Config): ForgottenFile;
  /**
   * Removes from the files of the database what was erased from its rows. Does nothing on PostgreSQL, which has tools of its own.
   *
   * @param vacuum Whether to write the database anew.
   * @returns whether the write-ahead log holds no earlier pages.
   */
  clearTraces(config: Config, vacuum: boolean): Promise<boolean>;
}

export interface RenewOptions {
  readonly replaceWorkingKey: boolean;
  /** Shows the new secrets. The renewal is complete only once this has succeeded. */
  readonly shown: (renewed: Pick<RenewedKey, 'renewed' | 'unconfirmed' | 'replacedFile'>) => void | Promise<void>;
}
