/** A database as a backup needs it: copied while others write to it, and read back without any part of the gateway. */
export interface DatabaseCopies {
  /**
   * Copies the database as it is at one moment into a new file for its owner alone, on the disk when this settles.
   *
   * @throws Error when there is no room, or the database cannot be read.
   */
  copyTo(target: string): Promise<void>;
  /** What a file holds. @throws Error when it is not a database. */
  read(path: string): Promise<CopiedDatabase>;
}

export interface CopiedDatabase {
  /** What SQLite finds wrong with the file itself; empty when it is whole. */
  readonly faults: readonly string[];
  /** Migrations that it has had and that this version does not know. */
  readonly unknownMigrations: readonly string[];
  /** The versions that have written to it, as far as they were noted. */
  readonly writers: readonly string[];
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly accounts: readonly CopiedAccount[];
  readonly pos: readonly CopiedPos[];
}

export interface CopiedAccount {
  readonly id: string;
  readonly name: string;
  readonly network: string;
  readonly descriptor: string;
  readonly nextIndex: number;
}

export interface CopiedPos {
  readonly id: string;
  readonly name: string;
  /** One, or two while it is being changed. */
  readonly sealedSecrets: readonly string[];
}
