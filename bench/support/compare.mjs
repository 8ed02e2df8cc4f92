/**
 * Compares contenders by rounds: in every round each does the same work once, in a rotating order, and is divided by the first
 * one of the same round. So other load on the machine affects all alike; the median of the rounds counts.
 */

/**
 * @param {Record<string, (count: number) => number | Promise<number>>} contenders each does its work `count` times and returns
 *   the cost; the first is the divisor.
 * @param {{ rounds: number, count: number, warmUp: number }} plan
 * @returns {Promise<Record<string, number>>} the median of each cost over the first one's.
 */
export async function costRatios(contenders, { rounds, count, warmUp }) {
  const names = Object.keys(contenders);
  for (const name of names) await contenders[name](warmUp);
  const ratios = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const costs = {};
    for (let index = 0; index < names.length; index += 1) {
      const name = names[(index + round) % names.length];
      costs[name] = await contenders[name](count);
    }
    for (const name of names) ratios[name].push(costs[name] / costs[names[0]]);
  }
  return Object.fromEntries(names.map((name) => [name, median(ratios[name])]));
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
