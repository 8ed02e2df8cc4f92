/**
 * A real Bitcoin node on a chain of its own (regtest), in a temporary folder that is removed afterwards. It ends with this
 * process, however that ends.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { satsToBtc, sats } from '../../packages/gateway/src/kernel/sats.ts';
import { freePorts } from './free-ports.ts';
import { startTiedProcess, type TiedProcess } from './tied-process.ts';

export interface RegtestNodeOptions {
  /** The program that `findBitcoind` found. */
  readonly bitcoind: string;
  /** Creates a wallet and mines 101 blocks to it, so that it can spend at once. */
  readonly wallet?: boolean;
  /** Publishes ZMQ `sequence` messages. */
  readonly zmq?: boolean;
  /** More arguments, such as `-rest=1`. */
  readonly args?: readonly string[];
}

export interface RegtestNode {
  /** `http://127.0.0.1:port`, without credentials. */
  readonly url: string;
  /** Written by the node at every start. */
  readonly cookieFile: string;
  /** `tcp://127.0.0.1:port`, if `zmq` was asked for. */
  readonly zmqSequence: string | undefined;
  /**
   * Calls the node, or one of several wallets by name. Amounts in answers are floats, for display only. Throws the node's error.
   */
  rpc<T = unknown>(method: string, params?: readonly unknown[], wallet?: string): Promise<T>;
  /** Creates and loads a wallet, and mines 101 blocks to it. */
  createWallet(): Promise<void>;
  /** Mines blocks, to the wallet if there is one. @returns their hashes. */
  mine(blocks: number): Promise<string[]>;
  /** Pays from the wallet. @returns the txid. @throws Error if the mempool refuses the transaction. */
  send(address: string, amountSats: bigint): Promise<string>;
  /** Stops the node as an operator does; its chain stays. */
  halt(): Promise<void>;
  /** Ends the node as a power cut does: what it had not written is lost, including its mempool. */
  kill(): Promise<void>;
  /** Starts it again on the same ports and chain, halting it first if it runs. The arguments apply to this run only. */
  restart(more?: readonly string[]): Promise<void>;
  /** Stops the node and removes its folder. May be called again. */
  stop(): Promise<void>;
}

/** Starts a node and waits until it answers. @throws Error with the node's last output if it does not start. */
export async function startRegtestNode(options: RegtestNodeOptions): Promise<RegtestNode> {
  const [rpcPort, zmqPort] = await freePorts(2);
  const url = `http://127.0.0.1:${rpcPort}`;
  const zmqSequence = options.zmq === true ? `tcp://127.0.0.1:${zmqPort}` : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'webpos-regtest-'));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', removeFolder);
  const cookieFile = join(folder, 'regtest', '.cookie');
  const args = [
    '-regtest',
    `-datadir=${folder}`,
    `-rpcport=${rpcPort}`,
    '-rpcbind=127.0.0.1',
    '-rpcallowip=127.0.0.1',
    '-server=1',
  ]
    .concat(['-listen=0', '-checkmempool=0', '-checkblockindex=0', '-fallbackfee=0.0001', '-printtoconsole=1'])
    .concat(zmqSequence === undefined ? [] : [`-zmqpubsequence=${zmqSequence}`], options.args ?? []);
  // By default, Knots refuses some transactions that Core accepts: of its own wallet's, one in a thousand, whose lock time
  // happens to be 21. In the file, unlike as arguments, options that only Knots knows do not stop Core.
  writeFileSync(join(folder, 'bitcoin.conf'), '[regtest]\ncorepolicy=1\nrejectparasites=0\nrejecttokens=0\n');
  let node: TiedProcess | undefined;
  let hasWallet = false;

  async function rpc<T>(method: string, params: readonly unknown[] = [], wallet?: string): Promise<T> {
    const authorization = `Basic ${Buffer.from(await readFile(cookieFile, 'utf8')).toString('base64')}`;
    const body = JSON.stringify({ jsonrpc: '2.0', id: 0, method, params });
    const answer = await fetch(wallet === undefined ? url : `${url}/wallet/${wallet}`, {
      method: 'POST',
      headers: { authorization },
      body,
    });
    const { result, error } = (await answer.json()) as { result: T; error?: { code: number; message: string } | null };
    if (error != null) throw new Error(`${method}: ${error.message} (error ${error.code})`);
    return result;
  }

  async function start(more: readonly string[] = []): Promise<void> {
    node = startTiedProcess(options.bitcoind, [...args, ...more]);
    for (const deadline = Date.now() + 60_000; ; await sleep(40)) {
      if (node.hasExited()) throw new Error(`bitcoind ended during its start: ${node.lastOutput()}`);
      try {
        await rpc('getblockchaininfo');
        return;
      } catch (error) {
        if (Date.now() > deadline) throw new Error(`bitcoind does not answer: ${node.lastOutput()}`, { cause: error });
      }
    }
  }

  async function halt(): Promise<void> {
    if (node === undefined) return;
    await rpc('stop').catch(() => undefined);
    await node.end(20_000);
    node = undefined;
  }

  async function kill(): Promise<void> {
    await node?.end(0);
    node = undefined;
  }

  async function mine(blocks: number): Promise<string[]> {
    if (!hasWallet) return await rpc('generatetodescriptor', [blocks, 'raw(51)']); // OP_TRUE: anyone can spend it
    return await rpc('generatetoaddress', [blocks, await rpc('getnewaddress')]);
  }

  async function createWallet(): Promise<void> {
    await rpc('createwallet', ['test', false, false, '', false, true, true]); // the last argument loads it at every start
    hasWallet = true;
    await mine(101);
  }

  async function send(address: string, amountSats: bigint): Promise<string> {
    const txid = await rpc<string>('sendtoaddress', [address, satsToBtc(sats(amountSats))]);
    if ((await rpc<string[]>('getrawmempool')).includes(txid)) return txid;
    // The wallet does not report that the mempool refused its transaction.
    const { hex } = await rpc<{ hex: string }>('gettransaction', [txid]);
    throw new Error(`sendtoaddress: ${txid} is not in the mempool: ${JSON.stringify(await rpc('testmempoolaccept', [[hex]]))}`);
  }

  async function stop(): Promise<void> {
    await halt();
    removeFolder();
    process.off('exit', removeFolder);
  }

  try {
    await start();
    if (options.wallet === true) await createWallet();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    cookieFile,
    zmqSequence,
    rpc,
    createWallet,
    mine,
    send,
    halt,
    kill,
    restart: (more) => halt().then(() => start(more)),
    stop,
  };
}
