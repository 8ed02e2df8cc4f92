/** Outputs to look for among the inputs of transactions. */
export interface OutPointSet {
  readonly size: number;
  /** Whether the 36 bytes from `at` on (transaction hash, index) name one of them; false positives are possible. */
  has(bytes: Uint8Array, at: number): boolean;
}

/** The size of an outpoint in consensus serialisation, in bytes. */
export const OUT_POINT_BYTES = 36;

export const NO_OUT_POINTS: OutPointSet = { size: 0, has: () => false };
