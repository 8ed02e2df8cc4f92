/** What a backup needs of a database: copies of it while it is in use, and the contents of a copy. */
export interface DatabaseCopies {
  /**
   * Copies a consistent snapshot of the database into a new file that only its owner can read, and syncs it to the disk.
   *
   * @throws Error if the disk is full or the database cannot be read.
   */
  copyTo(target: string): Promise<void>;
  /**
   * Reads the contents of a copy.
   *
   * @throws Error if the file is not a WebPOS database.
   */
  read(path: string): Promise<CopiedDatabase>;
}

export interface CopiedDatabase {
  /** Faults that SQLite finds in the file; empty if it is sound. */
  readonly faults: readonly string[];
  /** Applied migrations that this version does not know. */
  readonly unknownMigrations: readonly string[];
  /** The versions of the gateway that are recorded as having written to it. */
  readonly writers: readonly string[];
  /** Number of rows by table. */
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
  /** One, or two during a rotation. */
  readonly sealedSecrets: readonly string[];
}
