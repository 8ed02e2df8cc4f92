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

/** The error codes that are handled. */
export const RPC_CODE = {
  /** One of its meanings: the block is pruned. */
  misc: -1,
  /** No such block or transaction. */
  notFound: -5,
  /** A height above the tip. */
  outOfRange: -8,
  /** The bytes are not a valid transaction. */
  undecodable: -22,
  /** One of its meanings: an input of the transaction is missing or spent. */
  verify: -25,
  /** The mempool does not accept the transaction. */
  rejected: -26,
  /** The transaction is in a block already. */
  alreadyInChain: -27,
  /** The node is too old for the method, or configured not to answer it. */
  methodNotFound: -32_601,
  /** The node is still starting. */
  inWarmup: -28,
} as const;
