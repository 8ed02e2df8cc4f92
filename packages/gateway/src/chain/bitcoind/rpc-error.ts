/** The node understood the call and refused it. Its codes: `src/rpc/protocol.h` in bitcoin/bitcoin. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly method: string;
  readonly code: number;

  constructor(method: string, code: number, message: string) {
    super(`bitcoind: ${method}: ${message} (error ${code})`);
    this.method = method;
    this.code = code;
  }
}

/** The codes that we tell apart. */
export const RPC_CODE = {
  /** Among others: the block is pruned. */
  misc: -1,
  /** No such block or transaction. */
  notFound: -5,
  /** A height above the tip. */
  outOfRange: -8,
  /** Still starting. */
  inWarmup: -28,
} as const;
