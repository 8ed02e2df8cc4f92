/**
 * How long it takes to look up 10,000 newly watched scripts in all outputs of a full mempool that were scanned before, compared
 * with the floor: one pass over as many numbers, adding each up. A mempool of 300 MB, as a node counts it, has some 400,000
 * outputs; this measures 1,000,000, in transactions of 2.5 outputs each on average.
 *
 * Method: one process, CPU time, rounds in turn, the median of each.
 */
import { createHash, randomInt } from 'node:crypto';
import { ScannedOutputs } from '../packages/gateway/src/chain/scanned-outputs.ts';
import type { ScriptHex } from '../packages/gateway/src/kernel/chain.ts';
import { report } from './support/report.mjs';

const OUTPUTS = 1_000_000;
const SCRIPTS = 10_000;
const FOUND = 10;
const ROUNDS = 31;
const NONE = { has: () => false };

const scriptBytes = (n: number): Buffer =>
  Buffer.concat([Uint8Array.of(0, 20), createHash('sha256').update(`${n}`).digest().subarray(0, 20)]);
const scriptsFrom = (first: number): ScriptHex[] =>
  Array.from({ length: SCRIPTS }, (_, nth) => scriptBytes(first + nth).toString('hex') as ScriptHex);
const [unpaid, paid] = [scriptsFrom(OUTPUTS), scriptsFrom(OUTPUTS - FOUND)];

const outputs = new ScannedOutputs<string>(randomInt(2 ** 32));
const before = memory();
for (let first = 0, transaction = 0; first < OUTPUTS; transaction += 1)
  first += recordTransaction(transaction, first, Math.min(OUTPUTS - first, 1 + (transaction % 4)));
const bytes = memory() - before;
const numbers = Uint32Array.from({ length: OUTPUTS }, () => randomInt(2 ** 32));

const contenders = {
  floor: (): number => {
    let sum = 0;
    for (let at = 0; at < numbers.length; at += 1) sum = (sum + (numbers[at] as number)) >>> 0;
    return sum;
  },
  many: (): number => outputs.find(unpaid).size,
  found: (): number => outputs.find(paid).size,
  one: (): number => outputs.find(unpaid.slice(0, 1)).size,
};
const names = ['floor', 'many', 'found', 'one'] as const;
const times = { floor: [] as number[], many: [] as number[], found: [] as number[], one: [] as number[] };
for (let round = 0; round < ROUNDS; round += 1) for (const name of names) times[name].push(timed(contenders[name]));
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number;
const [floor, many, found, one] = names.map((name) => median(times[name])) as [number, number, number, number];

if (contenders.found() < FOUND) throw new Error(`found ${contenders.found()} scripts of ${FOUND}`);
const ms = (value: number): string => `${value.toFixed(1)} ms`;
const lookedUp = `${SCRIPTS.toLocaleString('en')} scripts in ${OUTPUTS.toLocaleString('en')} outputs`;
report(lookedUp, ms(many), { target: '< 20 ms', met: many < 20 });
report('  over one pass over as many numbers', (many / floor).toFixed(1), { target: '<= 30', met: many / floor <= 30 });
report(`  ${FOUND} of which are paid`, ms(found), { target: '< 20 ms', met: found < 20 });
report('one script', ms(one));
report('  over one pass over as many numbers', (one / floor).toFixed(1), { target: '<= 8', met: one / floor <= 8 });
report('memory per output, our part', `${(outputs.byteLength / OUTPUTS).toFixed(1)} bytes`, {
  target: '<= 9',
  met: outputs.byteLength / OUTPUTS <= 9,
});
report('  with the ids of their transactions', `${(bytes / OUTPUTS).toFixed(0)} bytes`);

/** @returns the number of its outputs. */
function recordTransaction(id: number, first: number, count: number): number {
  return outputs.record(`${id}`, NONE, (noting) => {
    for (let nth = 0; nth < count; nth += 1) noting.has(scriptBytes(first + nth), 0, 22);
    return count;
  });
}

/** Returns the CPU time in milliseconds, which other processes hardly affect. */
function timed(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
