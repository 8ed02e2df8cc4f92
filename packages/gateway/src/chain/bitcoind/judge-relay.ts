/** Judges what may keep unconfirmed payments from a node: its own settings, or a lack of peers. */
import type { SourceConcern } from '../source-concern.ts';

/** What the node reports; a fact is undefined when it is missing (older nodes, proxies that allow only some calls). */
export interface RelayFacts {
  /** `localrelay` of getnetworkinfo: whether the node accepts transactions from its peers. */
  readonly takesTransactions: boolean | undefined;
  readonly connections: number | undefined;
  readonly outboundConnections: number | undefined;
  /** `mempoolminfee` of getmempoolinfo, in satoshi per virtual byte. */
  readonly minFeeRateSatPerVb: number | undefined;
}

/**
 * Five times Bitcoin Core's long-standing default minimum. Transactions that pay less are not seen before they are in a block.
 */
const RAISED_MIN_FEE_SAT_PER_VB = 5;

/** @param needsPeers whether a node without peers is considered blind. */
export function judgeRelay(facts: RelayFacts, needsPeers: boolean): SourceConcern[] {
  const { takesTransactions, connections, outboundConnections, minFeeRateSatPerVb } = facts;
  const concerns: SourceConcern[] = [];
  if (takesTransactions === false) {
    concerns.push({
      kind: 'blocks_only',
      blind: true,
      says:
        'it accepts no transactions from its peers, so payments are not seen before they are in a block: ' +
        'remove blocksonly=1 from bitcoin.conf and restart the node',
    });
  }
  if (needsPeers && connections === 0) {
    concerns.push({
      kind: 'no_peers',
      blind: true,
      says:
        'it has no peers, so it sees neither payments nor blocks: ' +
        'check its network, and connect=, maxconnections= and networkactive= in bitcoin.conf',
    });
  } else if (needsPeers && outboundConnections === 0) {
    concerns.push({
      kind: 'no_outbound_peers',
      blind: false,
      says:
        'all its connections were opened by its peers, which may show it a false chain: ' +
        'check connect= and maxconnections= in bitcoin.conf',
    });
  }
  if (minFeeRateSatPerVb !== undefined && minFeeRateSatPerVb > RAISED_MIN_FEE_SAT_PER_VB) {
    concerns.push({
      kind: 'mempool_min_fee',
      blind: false,
      says:
        `it accepts only transactions that pay ${minFeeRateSatPerVb} sat/vB or more, so cheaper payments are not seen before they are in a block: ` +
        'raise maxmempool= or lower minrelaytxfee= in bitcoin.conf',
    });
  }
  return concerns;
}
