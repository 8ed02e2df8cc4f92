/** Transactions with the size and shape of those in a full block of 2026: 1.6 MB, some 3,400, mostly segwit. */
import { randomBytes } from 'node:crypto';

/** @param scriptOf the script of a transaction's first output; undefined for a random one. */
export function fullBlockTransactions(scriptOf: (n: number) => Buffer | undefined): Buffer[] {
  const transactions: Buffer[] = [];
  let size = 0;
  while (size < 1_600_000) {
    const transaction = oneTransaction(transactions.length, scriptOf);
    transactions.push(transaction);
    size += transaction.length;
  }
  return transactions;
}

/** Every fourth is a legacy transaction. */
function oneTransaction(n: number, scriptOf: (n: number) => Buffer | undefined): Buffer {
  const segwit = n % 4 !== 0;
  const inputs = 1 + (n % 3);
  const outputs = n % 50 === 0 ? 40 : 1 + (n % 3);
  const input = (): Buffer =>
    Buffer.concat([
      randomBytes(32),
      Buffer.alloc(4),
      ...(segwit ? [Uint8Array.of(0)] : [Uint8Array.of(107), randomBytes(107)]),
      Buffer.alloc(4, 0xff),
    ]);
  const output = (at: number): Buffer => {
    const script = (at === 0 ? scriptOf(n) : undefined) ?? Buffer.concat([Uint8Array.of(0, 20), randomBytes(20)]);
    const amount = Buffer.alloc(8);
    amount.writeUInt32LE(50_000 + at);
    return Buffer.concat([amount, Uint8Array.of(script.length), script]);
  };
  const witness = (): Buffer => Buffer.concat([Uint8Array.of(2, 72), randomBytes(72), Uint8Array.of(33), randomBytes(33)]);
  const times = (count: number, make: (at: number) => Buffer): Buffer[] => Array.from({ length: count }, (_, at) => make(at));
  return Buffer.concat([
    Uint8Array.of(2, 0, 0, 0),
    ...(segwit ? [Uint8Array.of(0, 1)] : []),
    Uint8Array.of(inputs),
    ...times(inputs, input),
    Uint8Array.of(outputs),
    ...times(outputs, output),
    ...(segwit ? times(inputs, witness) : []),
    Buffer.alloc(4),
  ]);
}
