/**
 * Several processes on one PostgreSQL with a replica and a real node, all on this machine: how soon another process leads after the leader
 * was asked to stop or killed, how long a payment takes from the node's mempool to a page on a process that does not lead, what such a
 * process costs while nothing happens, and how many orders 1, 2 and 4 processes create per second.
 *
 * Method: the cluster of `packages/gateway/test/cluster`, bundled. A takeover counts from the signal until a block that was mined right
 * after it is stored. A payment counts from before `sendrawtransaction` to the event on the page's stream. Creations: 64 kept-alive
 * connections in all, one request under way on each, every commit on the disk; beside the rate stands the CPU that each part has used,
 * in percent of one core.
 */
import { findPrograms } from '../packages/gateway/test/cluster/find-programs.ts';
import { PROGRAM_SOURCES } from '../packages/gateway/test/cluster/program-sources.ts';
import { bundlePrograms } from '../packages/gateway/test/support/bundle-programs.ts';
import { measureCreations } from './support/cluster/creations.ts';
import { measureIdle } from './support/cluster/idle.ts';
import { measurePages } from './support/cluster/pages.ts';
import { measureTakeovers } from './support/cluster/takeovers.ts';

const found = await findPrograms('bench/cluster.bench.ts');
if (found !== undefined) {
  await using bundle = await bundlePrograms('bench-cluster', PROGRAM_SOURCES);
  const programs = { ...found, bundle: bundle.folder };
  await measureTakeovers(programs);
  await measurePages(programs);
  await measureIdle(programs);
  for (const processes of [1, 2, 4]) await measureCreations(programs, processes);
}
