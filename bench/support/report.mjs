/**
 * Prints one measurement: its name, the number, and the target if there is one. A missed target is reported and does not fail the
 * run, because the numbers of a busy machine need judgement.
 *
 * @param {string} what
 * @param {string} number
 * @param {{ target: string, met: boolean }} [goal]
 */
export function report(what, number, goal) {
  const verdict = goal === undefined ? '' : `   target ${goal.target}: ${goal.met ? 'met' : 'MISSED'}`;
  console.log(`  ${what.padEnd(52)} ${number.padStart(12)}${verdict}`);
}
