import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';

const STEP_TIMEOUT_MS = 300_000;

/**
 * Runs the steps of one gate in the repository at `root`. A step that passes may print lines that begin with `note: `, such as
 * what it could not check.
 *
 * @param {import('./gates.mjs').Gate} gate
 * @param {string} root
 * @returns {Promise<{ passed: boolean, output: string, notes: string[], durationMs: number }>}
 */
export async function runGate(gate, root) {
  const startedAt = performance.now();
  let passed = true;
  let output = '';
  const notes = [];
  for (const step of gate.steps) {
    const result = await runStep(step.run, root);
    notes.push(...result.output.split('\n').filter((line) => line.startsWith('note: ')));
    if (result.passed) continue;
    passed = false;
    output += `$ ${step.run.join(' ')}\n${result.output.trimEnd()}\n`;
    if (step.orStop) break;
  }
  return { passed, output, notes, durationMs: performance.now() - startedAt };
}

function runStep([command, ...args], cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: {
        ...process.env,
        PATH: `${join(cwd, 'node_modules/.bin')}${delimiter}${process.env.PATH}`,
        FORCE_COLOR: '0',
        NO_COLOR: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: STEP_TIMEOUT_MS,
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ passed: false, output: `${command}: ${error.message}` }));
    child.on('close', (code, signal) => {
      if (signal !== null) output += `\n${command} was ended by ${signal}`;
      resolve({ passed: code === 0, output: stripVTControlCharacters(output) });
    });
  });
}
