/**
 * Prints one measured line: what it is, the number, and the target where there is one. A target that is missed is said and
 * does not fail the run: numbers of a busy machine are for reading.
 *
 * @param {string} what
 * @param {string} number
 * @param {{ target: string, met: boolean }} [goal]
 */
export function report(what, number, goal) {
  const verdict = goal === undefined ? '' : `   target ${goal.target}: ${goal.met ? 'met' : 'MISSED'}`;
  console.log(`  ${what.padEnd(52)} ${number.padStart(12)}${verdict}`);
}
