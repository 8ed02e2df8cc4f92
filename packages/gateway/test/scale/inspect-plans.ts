/** Finds statements that read more rows than a step may, by their plans. */
import { CompiledQuery } from 'kysely';
import type { SqlDialect } from '../../src/store/sql/dialects/dialect.ts';
import { threadCpuMs } from '../support/thread-cpu.ts';
import type { Run } from './recorded-queries.ts';

/** How many rows one statement may visit: about 25 ms. */
const MAX_ROWS = 25_000;
/** How much CPU time a read may take on SQLite. */
const MAX_READ_MS = 25;
/** The tables that grow for ever, or as long as nobody does something about their rows. */
const GROWING = new Set([
  'orders',
  'payments',
  'callbacks',
  'callback_bodies',
  'callback_attempts',
  'idempotency_keys',
  'order_history',
  'order_notes',
  'refund_requests',
  'refunds',
  'refund_payouts',
  'unassigned_payments',
  'payment_transactions',
  'payment_families',
  'payment_inputs',
  'derived_addresses',
  'audit_log',
]);

/** Returns what is wrong with a statement, a phrase for each. */
export type FindFaults = (query: CompiledQuery, run: Run) => Promise<readonly string[]>;

const isRead = ({ sql }: CompiledQuery): boolean => /^\s*(?:select|with)\b/i.test(sql) && !/\bfor update\b/i.test(sql);
/** Whether a statement is about a transaction or the connection. */
export const isControl = ({ sql }: CompiledQuery): boolean =>
  /^\s*(?:begin|commit|rollback|savepoint|release|set|start|listen|notify|explain)\b/i.test(sql) || /pg_notify/i.test(sql);

/** A limit ends the scan along an index, because nothing is filtered, or only what a partial index has already. */
const ENDS_AT_LIMIT = /from "\w+"(?: where "\w+" (?:= '?\w+'?|is null))?(?: order by [^()]+?)? limit \?/;

/** SQLite: by its plan, which depends on the statement alone, and by the time that a read takes. */
function sqliteFaults(): FindFaults {
  const plans = new Map<string, readonly string[]>();
  return async (query, run) => {
    if (isControl(query)) return [];
    let steps = plans.get(query.sql);
    if (steps === undefined) {
      const rows = await run<{ detail: string }>(CompiledQuery.raw(`explain query plan ${query.sql}`, [...query.parameters]));
      steps = rows.map(({ detail }) => detail);
      plans.set(query.sql, steps);
    }
    const tables = aliasesIn(query.sql);
    const faults = steps.filter((step) => {
      const [, scanned] = /^SCAN (\S+)/.exec(step) ?? [];
      if (scanned === undefined) return /TEMP B-TREE/.test(step) && mentionsGrowing(query.sql);
      return GROWING.has(tables.get(scanned) ?? scanned) && !(/ INDEX /.test(step) && ENDS_AT_LIMIT.test(query.sql));
    });
    if (!isRead(query)) return faults;
    const cpuMs = await leastCpuMs(() => run(query));
    return cpuMs > MAX_READ_MS ? [...faults, `takes ${cpuMs.toFixed(0)} ms`] : faults;
  };
}

const mentionsGrowing = (text: string): boolean => [...text.matchAll(/\w+/g)].some(([word]) => GROWING.has(word));

function aliasesIn(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/(?:from|join|update)\s+"?(\w+)"?\s+as\s+"?(\w+)"?/gi);
  return new Map([...found].map(([, table = '', alias = '']) => [alias, table]));
}

/** The least of several runs, because the first ones read from the disk and are compiled. */
async function leastCpuMs(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let runs = 0; runs < 4 && least > MAX_READ_MS; runs += 1) {
    const beforeMs = threadCpuMs();
    await work();
    least = Math.min(least, threadCpuMs() - beforeMs);
  }
  return least;
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Node[];
}

/** Blocks that a statement may read apart from those of the rows that it visits, such as the upper levels of indexes. */
const MAX_OTHER_BLOCKS = 500;
const BLOCKS_PER_ROW = { read: 12, write: 60 } as const;

/** PostgreSQL: by what a statement has visited, rows and blocks, when it ran with these parameters. Its writes are rolled back. */
function postgresFaults(): FindFaults {
  return async (query, run) => {
    if (isControl(query)) return [];
    const explain = CompiledQuery.raw(`explain (analyze, buffers, timing off, format json) ${query.sql}`, [...query.parameters]);
    if (!isRead(query)) await run(CompiledQuery.raw('savepoint inspected'));
    const [row] = await run<{ 'QUERY PLAN': readonly { readonly Plan: Node }[] }>(explain);
    if (!isRead(query)) await run(CompiledQuery.raw('rollback to savepoint inspected'));
    const plan = row?.['QUERY PLAN'][0]?.Plan;
    if (plan === undefined) return ['has no plan'];
    const nodes = nodesOf(plan);
    const visited = nodes.reduce((sum, node) => sum + visitedBy(node), 0);
    const sorted = Math.max(
      0,
      ...nodes.filter((node) => node['Node Type'] === 'Sort').map((node) => node['Plans']?.[0]?.['Actual Rows'] ?? 0),
    );
    const blocks = plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
    const faults: string[] = [];
    if (visited > MAX_ROWS) faults.push(`visits ${visited} rows (${nodes.map(describe).join(', ')})`);
    if (sorted > MAX_ROWS) faults.push(`sorts ${sorted} rows`);
    if (blocks > MAX_OTHER_BLOCKS + BLOCKS_PER_ROW[isRead(query) ? 'read' : 'write'] * visited)
      faults.push(`reads ${blocks} blocks for ${visited} rows (${nodes.map(describe).join(', ')})`);
    return faults;
  };
}

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

function visitedBy(node: Node): number {
  if (!node['Node Type'].includes('Scan') || node['Relation Name'] === undefined) return 0;
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return (node['Actual Rows'] + removed) * node['Actual Loops'];
}

const describe = (node: Node): string =>
  [node['Node Type'], node['Relation Name']].filter((part) => part !== undefined).join(' on ');

export const FIND_FAULTS: Readonly<Record<SqlDialect['name'], () => FindFaults>> = {
  sqlite: sqliteFaults,
  postgres: postgresFaults,
};
