/** The log in the form that the node source wants: sentences. */
import type { NodeLog } from '../chain/bitcoind/node-log.ts';
import type { Log } from './log.ts';

export function nodeLog(log: Log): NodeLog {
  return { info: (message) => log.info(message), warn: (message) => log.warn(message) };
}
