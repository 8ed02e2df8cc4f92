/**
 * A real Bitcoin node on a chain of its own (regtest), for tests: made in a temporary folder, gone without a trace.
 * However this process ends, the node ends too.
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
  /** The program, as `findBitcoind` found it. */
  readonly bitcoind: string;
  /** Make a wallet and mine 101 blocks to it, so that it can spend at once. */
  readonly wallet?: boolean;
  /** Publish ZMQ `sequence`. */
  readonly zmq?: boolean;
  /** More arguments, such as `-rest=1`. */
  readonly args?: readonly string[];
}

export interface RegtestNode {
  /** `http://127.0.0.1:port`, without credentials. */
  readonly url: string;
  /** Written anew by the node at every start. */
  readonly cookieFile: string;
  /** `tcp://127.0.0.1:port`, where `zmq` was asked for. */
  readonly zmqSequence: string | undefined;
  /** Calls the node, or one of several wallets by its name. Amounts in answers are floats: only for looking. Throws what the node says. */
  rpc<T = unknown>(method: string, params?: readonly unknown[], wallet?: string): Promise<T>;
  /** Makes and loads a wallet, and mines 101 blocks to it. */
  createWallet(): Promise<void>;
  /** Mines blocks, to the wallet where there is one. Their hashes. */
  mine(blocks: number): Promise<string[]>;
  /** Pays from the wallet. The txid. @throws Error when the mempool does not take it. */
  send(address: string, amountSats: bigint): Promise<string>;
  /** Ends the node as an operator does; its chain stays. */
  halt(): Promise<void>;
  /** Ends the node as a power cut does: what it had not written is lost, its mempool too. */
  kill(): Promise<void>;
  /** Starts it again on the same ports and chain, halting it first where it runs. Arguments are added for this run alone. */
  restart(more?: readonly string[]): Promise<void>;
  /** Ends the node and removes its folder. May be called again. */
  stop(): Promise<void>;
}

/** Starts a node and waits until it answers. @throws Error with the node's own last words when it does not start. */
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
  // Knots refuses some transactions that Core takes: with the default, one in a thousand of its own wallet's, whose lock
  // time happens to be 21. In the file, unlike as arguments, options that only Knots knows do not stop Core.
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
      if (node.hasExited()) throw new Error(`bitcoind ended at its start: ${node.lastOutput()}`);
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
    if (!hasWallet) return await rpc('generatetodescriptor', [blocks, 'raw(51)']); // OP_TRUE: anyone's
    return await rpc('generatetoaddress', [blocks, await rpc('getnewaddress')]);
  }

  async function createWallet(): Promise<void> {
    await rpc('createwallet', ['test', false, false, '', false, true, true]); // the last: load it at every start
    hasWallet = true;
    await mine(101);
  }

  async function send(address: string, amountSats: bigint): Promise<string> {
    const txid = await rpc<string>('sendtoaddress', [address, satsToBtc(sats(amountSats))]);
    if ((await rpc<string[]>('getrawmempool')).includes(txid)) return txid;
    // The wallet keeps quiet when the mempool refuses its transaction.
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
