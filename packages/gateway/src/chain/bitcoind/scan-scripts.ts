/**
 * Asks a node for the unspent outputs of some scripts with `scantxoutset`, which needs neither a wallet nor an index in the node
 * and takes some minutes on mainnet, regardless of the number of scripts. Outputs spent since are not found.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseBlockHash, parseScriptHex, parseTxid, type ScriptHex } from '../../kernel/chain.ts';
import { btcToSats } from '../../kernel/sats.ts';
import { SourceUnavailableError, type Unspent, type UnspentScan } from '../source.ts';
import { parseTransaction } from '../view/transaction.ts';
import { asArray, asBytes, asInteger, asRecord, parsedBy } from './rpc/answer-parts.ts';
import { RPC_CODE, RpcError } from './rpc/rpc-error.ts';
import type { NodeRpc } from './rpc/rpc.ts';
import { HOUR_MS } from '../../kernel/durations.ts';

export interface ScanOptions {
  readonly signal: AbortSignal;
  /** Called every second with the node's progress. */
  readonly progress: (percent: number) => void;
  readonly pollMs?: number;
}

/** For the whole scan. */
const TIMEOUT_MS = HOUR_MS;

/**
 * @throws SourceUnavailableError when the node refuses, is busy with another scan, or takes too long. Our scan has been aborted
 * by then.
 */
export async function scanScripts(rpc: NodeRpc, scripts: readonly ScriptHex[], options: ScanOptions): Promise<UnspentScan> {
  const { signal } = options;
  const answer = asRecord(await scan(rpc, scripts, options), 'scantxoutset');
  if (answer['success'] !== true) throw new SourceUnavailableError('bitcoind: scantxoutset: someone has aborted the scan');
  const outputs: Unspent[] = [];
  for (const each of asArray(answer['unspents'], 'scantxoutset: unspents'))
    outputs.push(await readUnspent(rpc, asRecord(each, 'unspents'), signal));
  return {
    tip: {
      height: asInteger(answer['height'], 'scantxoutset: height'),
      hash: parsedBy(parseBlockHash, answer['bestblock'], 'scantxoutset: bestblock'),
    },
    outputs,
  };
}

async function scan(
  rpc: NodeRpc,
  scripts: readonly ScriptHex[],
  { signal, progress, pollMs = 1_000 }: ScanOptions,
): Promise<unknown> {
  const done = new AbortController();
  const polling = (async (): Promise<void> => {
    for (;;) {
      await sleep(pollMs, undefined, { signal: done.signal });
      const status = await rpc.call('scantxoutset', ['status'], signal);
      const percent = status === null ? undefined : asRecord(status, 'status')['progress'];
      if (typeof percent === 'number' && !done.signal.aborted) progress(Math.floor(percent));
    }
  })().catch(() => undefined); // progress is informational only
  try {
    return await rpc.call('scantxoutset', ['start', scripts.map((script) => `raw(${script})`)], signal, TIMEOUT_MS);
  } catch (error) {
    const isOthers = error instanceof RpcError && error.code === RPC_CODE.outOfRange;
    // The node would continue otherwise. A scan that someone else started is left alone.
    if (!isOthers) await rpc.call('scantxoutset', ['abort'], AbortSignal.timeout(5_000)).catch(() => undefined);
    throw error;
  } finally {
    done.abort();
    await polling;
  }
}

async function readUnspent(rpc: NodeRpc, output: Record<string, unknown>, signal: AbortSignal): Promise<Unspent> {
  const txid = parsedBy(parseTxid, output['txid'], 'unspents: txid');
  const height = asInteger(output['height'], 'unspents: height');
  const amount = output['amount'];
  if (typeof amount !== 'number')
    throw new SourceUnavailableError('bitcoind: unspents: amount: expected a number, got something else');
  const raw = await rawTransaction(rpc, txid, height, signal);
  return {
    height,
    match: {
      outPoint: { txid, vout: asInteger(output['vout'], 'unspents: vout') },
      // Amounts up to 21 million with eight decimals have 16 digits: a float represents them, and toFixed returns them exactly.
      amount: btcToSats(amount.toFixed(8)),
      script: parsedBy(parseScriptHex, output['scriptPubKey'], 'unspents: scriptPubKey'),
      // If all inputs are SegWit, the normalized txid equals the txid; otherwise it cannot be computed without the transaction.
      normalizedTxid: raw === undefined ? txid : parseTransaction(raw).normalizedTxid(),
    },
  };
}

/** Undefined when the node has pruned the block. */
async function rawTransaction(rpc: NodeRpc, txid: string, height: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
  try {
    const block = await rpc.call('getblockhash', [height], signal);
    return asBytes(await rpc.call('getrawtransaction', [txid, false, block], signal), 'getrawtransaction');
  } catch (error) {
    if (error instanceof RpcError) return undefined;
    throw error;
  }
}
