import type { SandboxChain } from '../../chain/sandbox/sandbox-chain.ts';
import type { ChainSource } from '../../chain/source.ts';
import type { WatcherStatus } from '../../chain/watcher.ts';
import type { RateSource } from '../../rates/source.ts';
import type { Sandbox } from '../../services/sandbox/sandbox.ts';
import type { GatewayContext } from '../gateway.ts';
import type { Part } from '../lifecycle.ts';

/** What a process knows of the chain: from its own watcher, or from that of the process that leads. */
export interface ChainView {
  readonly source: Pick<ChainSource, 'name' | 'network' | 'block' | 'unspentAmong' | 'feeRate'>;
  readonly status: WatcherStatus;
  readonly mempoolSize: number;
  readonly watchedScripts: number;
  /** The most addresses in a row of any account that were handed out and never paid. */
  readonly longestGap: number;
  /** The current term of several processes, and whether this one leads in it; undefined if there is only one. */
  readonly leader: { readonly term: number; readonly isHere: boolean } | undefined;
  /** Resolves when the chain, as it was at this call, has been read and stored. */
  caughtUp(signal: AbortSignal): Promise<void>;
}

/** The parts of a gateway that depend on whether other processes share its database. */
export interface Role {
  readonly context: GatewayContext;
  readonly chain: ChainView;
  readonly rates: RateSource;
  readonly sandbox: SandboxChain | undefined;
  /** Scripts the sandbox chain for the test endpoints; undefined with a node. */
  readonly scripted: Sandbox | undefined;
  /** The loops to start, in this order. */
  readonly loops: readonly (readonly [name: string, part: Part])[];
}
