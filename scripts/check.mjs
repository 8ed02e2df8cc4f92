#!/usr/bin/env node
/**
 * Runs the gates that every change has to pass: `npm run check`, or some of them by name: `npm run check -- lint types`.
 * All run even when one fails; the output of those that failed follows at the end, and the exit code tells.
 */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gates } from './check/gates.mjs';
import { runGate } from './check/run-gate.mjs';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !gates.some((gate) => gate.name === name));
if (unknown.length > 0) {
  console.error(`check: no gate named ${unknown.join(', ')}; there are ${gates.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const root = fileURLToPath(new URL('..', import.meta.url));
const chosen = wanted.length === 0 ? gates : gates.filter(({ name }) => wanted.includes(name));
const failed = [];

for (const gate of chosen) {
  const result = await runGate(gate, root);
  console.log(`${result.passed ? 'pass' : 'FAIL'}  ${gate.name.padEnd(10)} ${seconds(result.durationMs)}  ${gate.about}`);
  for (const note of result.notes) console.log(`      ${note}`);
  if (!result.passed) failed.push({ gate, output: result.output });
}

for (const { gate, output } of failed) console.log(`\n--- ${gate.name} ---\n${output.trimEnd()}`);
if (failed.length > 0) {
  console.log(`\n${failed.length} of ${chosen.length} gates failed: ${failed.map(({ gate }) => gate.name).join(', ')}`);
  process.exitCode = 1;
}

function seconds(durationMs) {
  return `${(durationMs / 1000).toFixed(1)} s`.padStart(7);
}
