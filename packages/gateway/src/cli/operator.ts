/** What is done to a gateway as a whole; the process hands in the real one. */
import type { Config } from '../config/config.ts';
import type { MadeBackup } from '../services/backup/make-backup.ts';
import type { Manifest } from '../services/backup/manifest.ts';
import type { RenewedKey } from '../services/operator/renew-key.ts';

export interface Operator {
  /** The newest migration that this version knows. */
  readonly lastMigration: string;
  /**
   * Does something that no gateway may serve beside.
   *
   * @throws OperatorError when one serves this database.
   */
  whileNobodyServes(config: Config, work: () => Promise<void>): Promise<void>;
  /** @throws OperatorError when a gateway serves, or there is nothing to renew. */
  renewKey(config: Config, options: RenewOptions): Promise<void>;
  /** @throws OperatorError when the target exists or the backup is not good; nothing is left then. */
  backUp(config: Config, target: string): Promise<MadeBackup>;
  /** @throws OperatorError when a gateway serves, the backup is not whole, or its place is taken. */
  restore(config: Config, source: string): Promise<Manifest>;
}

export interface RenewOptions {
  readonly replaceWorkingKey: boolean;
  /** Shows the new secrets: only when that has settled is the renewal over. */
  readonly shown: (renewed: Pick<RenewedKey, 'renewed' | 'replacedFile'>) => void | Promise<void>;
}
