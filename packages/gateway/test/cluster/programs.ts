/** The programs that a run needs besides the gateway. */
export interface Programs {
  /** The folder of the bundled programs of this harness. */
  readonly bundle: string;
  readonly bitcoind: string;
  /** The folder of `initdb` and the others. */
  readonly postgres: string;
  readonly pgbouncer: string;
}
